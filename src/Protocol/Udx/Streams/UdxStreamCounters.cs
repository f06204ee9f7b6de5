namespace Hyper.Protocol.Udx.Streams;

/// <summary>What a stream has done so far.</summary>
public sealed class UdxStreamCounters
{
    public long SentPackets { get; internal set; }

    /// <summary>Datagram bytes, headers included.</summary>
    public long SentBytes { get; internal set; }

    public long ReceivedPackets { get; internal set; }

    /// <summary>Datagram bytes, headers included.</summary>
    public long ReceivedBytes { get; internal set; }

    /// <summary>Packets declared lost.</summary>
    public long LossCount { get; internal set; }

    public long Retransmissions { get; internal set; }

    public long RetransmissionTimeouts { get; internal set; }

    public long TailLossProbes { get; internal set; }

    /// <summary>Loss episodes that were repaired without a timeout.</summary>
    public long FastRecoveries { get; internal set; }

    public long DuplicatePackets { get; internal set; }

    /// <summary>Packets dropped because they are malformed, absurd, or past a limit.</summary>
    public long DroppedPackets { get; internal set; }

    public long InvalidSackBlocks { get; internal set; }
}
