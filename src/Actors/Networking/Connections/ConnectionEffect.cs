using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Connections;

/// <summary>One message on a channel.</summary>
/// <param name="Type">One of the types that the channel declares.</param>
/// <param name="Payload">The message; of one to be sent, also how it begins.</param>
/// <param name="Tail">Of one to be sent: what follows the payload, where a copy of it can be spared.</param>
public readonly record struct ChannelMessage(int Type, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Tail = default);

/// <summary>Why a connection is over.</summary>
public enum ConnectionCloseReason
{
    /// <summary>Both ends have ended.</summary>
    Ended,

    /// <summary>The remote end destroyed the stream (ECONNRESET).</summary>
    Reset,

    /// <summary>The remote end stopped answering or never showed itself (ETIMEDOUT).</summary>
    TimedOut,

    /// <summary>This end destroyed it.</summary>
    Destroyed,

    /// <summary>The remote end sent what no honest peer sends.</summary>
    ProtocolFault,
}

/// <summary>What a connection asks for or reports.</summary>
internal abstract record ConnectionEffect
{
    public sealed record Transmit(PacketBatch Packets) : ConnectionEffect;

    public sealed record Opened : ConnectionEffect;

    public sealed record ChannelOpened(int Channel, ReadOnlyMemory<byte> Handshake) : ConnectionEffect;

    public sealed record ChannelMessages(int Channel, List<ChannelMessage> Messages) : ConnectionEffect;

    public sealed record ChannelClosed(int Channel, bool IsRemote, bool IsRejected, ConnectionCloseReason? ConnectionEnd) : ConnectionEffect;

    public sealed record PairRequested(string Protocol, ReadOnlyMemory<byte> Id) : ConnectionEffect;

    public sealed record Moved : ConnectionEffect;

    public sealed record WritingPaused : ConnectionEffect;

    public sealed record WritingResumed : ConnectionEffect;

    public sealed record Closed(ConnectionCloseReason Reason, string? Detail) : ConnectionEffect;
}
