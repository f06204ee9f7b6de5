namespace Hyper.Actors.Storage.Cores;

/// <summary>Downloads of ranges, as a core actor is told of them.</summary>
public static class DownloadProtocol
{
    /// <summary>Fetches the blocks of a range that are not stored; answered by <see cref="Downloaded"/> when all of them are.</summary>
    public sealed record Download(long Request, DownloadRange Range) : CoreProtocol.IQuery;

    /// <summary>Ends the sender's download of that number; answered by <see cref="Downloaded"/>, as not complete, unless it had ended.</summary>
    public sealed record EndDownload(long Request) : CoreProtocol.IQuery;

    /// <summary>The download has ended, with all of its blocks unless it was ended early.</summary>
    public sealed record Downloaded(long Request, bool IsComplete) : CoreProtocol.IEvent;
}

/// <summary>Blocks to fetch: a run of them, or some by number. They are asked for in order.</summary>
public sealed record DownloadRange
{
    public long Start { get; init; }

    /// <summary>The one after the last; null goes on with what is appended, without an end.</summary>
    public long? End { get; init; }

    /// <summary>Single blocks, instead of a run.</summary>
    public IReadOnlyList<long>? Blocks { get; init; }
}
