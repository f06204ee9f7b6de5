using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Messages of <see cref="RawStreamActor"/>; the sender of every event is the stream.</summary>
/// <remarks>What a raw stream carries is neither encrypted nor authenticated, as upstream's.</remarks>
public static class RawStreamProtocol
{
    public interface ICommand;

    public interface IEvent;

    /// <summary>What a <see cref="Write"/> came to.</summary>
    public interface IWriteOutcome : IEvent;

    /// <summary>What a <see cref="Read"/> or a <see cref="ReadMessage"/> came to.</summary>
    public interface IReadOutcome : IEvent;

    /// <summary>Goes to a stream of the remote node, over the socket and to the address of the encrypted connection, wherever that moves.</summary>
    /// <remarks>While the connection goes through a relay the stream waits for a better way. What is written before leaves then.</remarks>
    public sealed record Connect(uint RemoteId) : ICommand;

    /// <summary>Sends bytes in order; ends in <see cref="Written"/> or <see cref="WriteFailed"/> to the sender, under its own tag.</summary>
    /// <param name="Bytes">Must not change: long ones are not copied before they have arrived.</param>
    public sealed record Write(long Tag, ReadOnlyMemory<byte> Bytes) : ICommand;

    /// <summary>Asks for the next bytes: a sender that does not ask holds the remote end back. One read waits at a time.</summary>
    public sealed record Read : ICommand
    {
        public static Read Instance { get; } = new();
    }

    /// <summary>Sends one unordered message that may get lost; one that is too long for a packet, or has no way yet, is lost at once.</summary>
    public sealed record Send(ReadOnlyMemory<byte> Message) : ICommand;

    /// <summary>Asks for the next unordered message. One such read waits at a time.</summary>
    public sealed record ReadMessage : ICommand
    {
        public static ReadMessage Instance { get; } = new();
    }

    /// <summary>Sends nothing more after what is written; the other direction goes on.</summary>
    public sealed record End : ICommand
    {
        public static End Instance { get; } = new();
    }

    /// <summary>Ends both directions at once and tells the remote end.</summary>
    public sealed record Destroy : ICommand
    {
        public static Destroy Instance { get; } = new();
    }

    /// <summary>The sender wants to hear <see cref="Closed"/>, as the owner does.</summary>
    public sealed record AwaitEnd : ICommand
    {
        public static AwaitEnd Instance { get; } = new();
    }

    /// <summary>Answered by <see cref="Traffic"/>.</summary>
    public sealed record GetTraffic;

    /// <summary>More may be written; not that the bytes have arrived.</summary>
    public sealed record Written(long Tag) : IWriteOutcome;

    /// <summary>The stream has been ended, or is over: the bytes are not sent, or it is not known whether they have arrived.</summary>
    public sealed record WriteFailed(long Tag) : IWriteOutcome;

    /// <summary>To the owner: there is a way to the remote end, which need not have answered.</summary>
    public sealed record Connected(PeerAddress RemoteAddress) : IEvent;

    /// <summary>All bytes that have arrived since the last read.</summary>
    public sealed record Received(ReadOnlyMemory<byte> Bytes) : IReadOutcome;

    /// <summary>One unordered message; it may be empty.</summary>
    public sealed record MessageReceived(ReadOnlyMemory<byte> Message) : IReadOutcome;

    /// <summary>The remote end sends nothing more, and all of it has been read.</summary>
    public sealed record RemoteEnded : IReadOutcome
    {
        public static RemoteEnded Instance { get; } = new();
    }

    /// <summary>To the owner, whoever awaits the end and whoever reads: the stream is over and the actor stops.</summary>
    public sealed record Closed(ConnectionCloseReason Reason, string? Detail) : IReadOutcome;

    /// <summary>What the stream has counted so far.</summary>
    /// <param name="Packets">Of the stream.</param>
    /// <param name="QueuedBytes">Written and not known to have arrived.</param>
    /// <param name="UnreadBytes">Arrived and not read.</param>
    /// <param name="DroppedMessages">Unordered messages that nobody read in time.</param>
    public sealed record Traffic(ConnectionProtocol.Traffic Packets, int QueuedBytes, int UnreadBytes, long DroppedMessages) : IEvent;
}
