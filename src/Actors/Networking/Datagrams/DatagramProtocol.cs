using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>What a datagram actor is told and what it tells its owner.</summary>
public static class DatagramProtocol
{
    /// <summary>An order to the port.</summary>
    public interface ICommand;

    /// <summary>A fact about the port; comes from the actor that owns it.</summary>
    public interface IEvent;

    /// <summary>Hands a datagram to the network.</summary>
    /// <param name="TimeToLive">Hops it may take; 0 means the system's number.</param>
    public sealed record Send(ReadOnlyMemory<byte> Bytes, PeerAddress To, int TimeToLive = 0) : ICommand;

    /// <summary>Hands several datagrams to the network, in order.</summary>
    public sealed record SendAll(ImmutableArray<OutgoingDatagram> Datagrams) : ICommand;

    /// <summary>Hands a stream's packets to the network, each to the address of its path, and disposes the batch.</summary>
    public sealed record SendPackets(PacketBatch Packets, ImmutableArray<PeerAddress> Paths) : ICommand
    {
        private volatile bool _haveLeft;

        /// <summary>The port has them, so that packets that go to it without the mailbox cannot overtake these.</summary>
        public bool HaveLeft => _haveLeft;

        /// <summary>The port's actor has handed them over.</summary>
        internal void MarkLeft() => _haveLeft = true;
    }

    /// <summary>Hands packets with this stream id to a connection instead of the owner, until the connection stops.</summary>
    /// <remarks>Tell this before the remote end can know the id: its first packet must not count as a plain datagram.</remarks>
    public sealed record AddStream(uint StreamId, IActorRef Connection) : ICommand;

    /// <summary>Ends <see cref="AddStream"/>.</summary>
    public sealed record RemoveStream(uint StreamId) : ICommand;

    /// <summary>Gives the port buffers of other sizes, 0 for the present one; answered by <see cref="BuffersResized"/>.</summary>
    public sealed record ResizeBuffers(DatagramBuffers Wanted) : ICommand;

    /// <summary>What the system has granted, which may be less than was wanted.</summary>
    public sealed record BuffersResized(DatagramBuffers Granted) : IEvent;

    /// <summary>The port is open.</summary>
    /// <param name="Port">For sending without the actor, from any thread; sends nothing once the actor has stopped.</param>
    public sealed record Bound(PeerAddress Address, IDatagramPort Port) : IEvent
    {
        /// <summary>For telling of a stream before an answer leaves that names it: <see cref="AddStream"/> may come later than the first packet.</summary>
        public required IStreamRoutes Streams { get; init; }
    }

    /// <summary>None of the candidates could be bound; the actor stops.</summary>
    public sealed record BindFailed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>Datagrams of one wake-up, for the owner or for one connection, which disposes the batch.</summary>
    /// <param name="Batch">The datagrams.</param>
    /// <param name="Port">Where they came in, as in <see cref="Bound"/>; null while the port is only just being bound.</param>
    public sealed record Received(DatagramBatch Batch, IDatagramPort? Port) : IEvent;
}
