namespace Hyper.Actors.Storage.Cores;

/// <summary>A core as it stood: growth is not seen, and blocks that were cut off since cannot be read.</summary>
public sealed class CoreSnapshot(CoreClient core, SnapshotPoint point)
{
    public long Length => point.Length;

    public long Fork => point.Fork;

    /// <summary>The block; without waiting null when it is not stored.</summary>
    public Task<ReadOnlyMemory<byte>?> GetAsync(
        long index, bool wait = false, TimeSpan? within = null, CancellationToken cancellation = default)
        => core.GetAsync(new CoreProtocol.GetBlock(0, index, wait) { At = point }, within, cancellation);
}
