using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Limits of the raw streams of a node.</summary>
public sealed record RawStreamOptions
{
    /// <summary>Shared by all nodes that have no wishes of their own.</summary>
    public static RawStreamOptions Default { get; } = new();

    public UdxStreamOptions Udx { get; init; } = ConnectionOptions.Default.Udx;

    /// <summary>Streams of one node at once; more are refused.</summary>
    public int MaxStreams { get; init; } = 256;

    /// <summary>Bytes that may wait for a remote end that takes none; a writer that goes beyond them ends the stream.</summary>
    public int MaxQueuedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Unordered messages that may wait for their reader; further ones are dropped and counted.</summary>
    public int MaxUnreadMessages { get; init; } = 256;
}
