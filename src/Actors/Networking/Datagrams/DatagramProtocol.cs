using System.Collections.Immutable;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>What a datagram actor is told and what it tells its owner.</summary>
public static class DatagramProtocol
{
    /// <summary>An order to the port.</summary>
    public interface ICommand;

    /// <summary>A fact about the port; comes from the actor that owns it.</summary>
    public interface IEvent;

    /// <summary>Hands a datagram to the network.</summary>
    public sealed record Send(ReadOnlyMemory<byte> Bytes, PeerAddress To) : ICommand;

    /// <summary>Hands several datagrams to the network, in order.</summary>
    public sealed record SendAll(ImmutableArray<OutgoingDatagram> Datagrams) : ICommand;

    /// <summary>The port is open.</summary>
    public sealed record Bound(PeerAddress Address) : IEvent;

    /// <summary>None of the candidates could be bound; the actor stops.</summary>
    public sealed record BindFailed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>Datagrams of one wake-up; the owner disposes the batch.</summary>
    public sealed record Received(DatagramBatch Batch) : IEvent;
}
