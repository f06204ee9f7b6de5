using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>Waits until a core that is being fetched is here.</summary>
internal static class CoreArrival
{
    private const int BlocksTogether = 64;

    // Blocks come by the thousand: they are told of together.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_newsWithin = TimeSpan.FromSeconds(3);

    /// <summary>Ends when the core has the length, and unless it is sparse all its blocks.</summary>
    // The limit is for standing still: a large core takes as long as it takes.
    public static async Task AwaitAsync(
        CoreClient core, long length, bool isSparse, ProgressLine progress, TimeSpan timeout, CancellationToken interrupted)
    {
        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        while (info.Length < length || (!isSparse && info.ContiguousLength < info.Length))
        {
            Check(info);
            progress.Show(info, length);
            try
            {
                info = await core.AwaitChangeAsync(info, timeout, interrupted).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw info.Length == 0
                    ? new CommandException(ExitCode.NotFound, "NOT_FOUND", "no peer with the core was found", "share it, or name one with --peer")
                    : SharedOptions.TimedOut(timeout);
            }

            if (info.Length >= length && (isSparse || info.ContiguousLength == info.Length))
                return;
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
            info = await core.GetInfoAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Fetches some blocks, many at a time; the limit is for each.</summary>
    public static async Task AwaitBlocksAsync(
        CoreClient core, long start, long end, ProgressLine progress, TimeSpan timeout, CancellationToken interrupted)
    {
        long here = 0;
        ParallelOptions together = new() { MaxDegreeOfParallelism = BlocksTogether, CancellationToken = interrupted };
        await Parallel.ForAsync(start, end, together, async (index, cancelled) =>
        {
            await core.GetAsync(index, wait: true, timeout, cancelled).ConfigureAwait(false);
            long count = Interlocked.Increment(ref here);
            lock (progress)
                progress.Show($"{count} of {end - start} blocks");
        }).ConfigureAwait(false);
    }

    /// <summary>Whether the disk, or a writer that signed two histories, has ended what was begun; lost roots are what a peer may still bring.</summary>
    public static void Check(CoreInfo info)
    {
        if (info.LostLength is null && info.ReadOnlyReason is { } reason)
            throw new CoreFailedException(info.IsConflicted ? CoreProblem.Conflicted : CoreProblem.StorageFailed, reason);
    }

    /// <summary>Gives peers a moment to be found and to make a copy longer that was here before; whether one did.</summary>
    public static async Task<bool> AwaitNewsAsync(CoreClient core, CancellationToken interrupted)
    {
        if ((await core.GetInfoAsync().ConfigureAwait(false)).Length == 0)
            return false;
        using PeerSearch search = core.FindPeers();
        try
        {
            return await core.UpdateAsync(wait: true, s_newsWithin, interrupted).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
