namespace Hyper.Protocol.Protomux;

/// <summary>Limits of one multiplexer; upstream has none of them except where a remark says so.</summary>
public sealed record ProtomuxOptions
{
    /// <summary>Channels that the remote may have open at once.</summary>
    public int MaxRemoteChannels { get; init; } = 16_384;

    /// <summary>Opens of the remote that may wait for an answer; further ones are rejected.</summary>
    public int MaxParkedOpens { get; init; } = 1_024;

    /// <summary>Above this many bytes of parked messages, each charged 512 more, the owner should stop reading, as upstream does.</summary>
    public int PauseAboveParkedCost { get; init; } = 32_768;

    /// <summary>Parked bytes that end the stream; more than the largest message and what arrives with it, so that an owner who pauses never gets there.</summary>
    public int MaxParkedBytes { get; init; } = 24 << 20;

    /// <summary>Entries of a message that are handled at once: one of 16 MB could hold eight million.</summary>
    public int MaxEntriesAtOnce { get; init; } = 4_096;

    /// <summary>Batches within batches.</summary>
    public int MaxBatchDepth { get; init; } = 8;

    /// <summary>
    /// A batch is sent once it has grown to this size. Upstream lets it grow to 8 MB, of which the remote can read nothing before the last byte
    /// has come: with less, both sides work at the same time.
    /// </summary>
    public int BatchBytes { get; init; } = 32 << 10;
}
