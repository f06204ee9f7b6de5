using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>What a raw stream asks for or reports.</summary>
internal abstract record RawStreamEffect
{
    public sealed record Transmit(PacketBatch Packets) : RawStreamEffect;

    /// <summary>Writers that wait may go on.</summary>
    public sealed record WritingResumed : RawStreamEffect;

    public sealed record Closed(ConnectionCloseReason Reason, string? Detail) : RawStreamEffect;
}

/// <summary>What became of bytes that were to be written.</summary>
internal enum WriteResult
{
    /// <summary>More is welcome.</summary>
    Taken,

    /// <summary>More is welcome after <see cref="RawStreamEffect.WritingResumed"/>.</summary>
    Waits,

    /// <summary>The stream takes nothing.</summary>
    Refused,
}
