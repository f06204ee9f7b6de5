using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>Waits until a core that is being fetched is here.</summary>
internal static class CoreArrival
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_newsWithin = TimeSpan.FromSeconds(3);

    /// <summary>Ends when the core has the length, and unless it is sparse all its blocks.</summary>
    // The limit is for standing still: a large core takes as long as it takes.
    public static async Task AwaitAsync(
        CoreClient core, long length, bool isSparse, FetchProgress progress, TimeSpan timeout, CancellationToken interrupted)
    {
        long last = -1;
        for (TimeSpan waited = TimeSpan.Zero; ; waited += s_pause)
        {
            CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
            if (info.Length >= length && (isSparse || info.ContiguousLength == info.Length))
                return;
            progress.Show(info, length);
            if (info.ContiguousLength != last)
                (last, waited) = (info.ContiguousLength, TimeSpan.Zero);
            if (waited > timeout)
                throw info.Length == 0
                    ? new CommandException(ExitCode.NotFound, "NOT_FOUND", "no peer with the core was found", "share it, or name one with --peer")
                    : SharedOptions.TimedOut(timeout);
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
        }
    }

    /// <summary>Gives peers a moment to make a copy longer that was here before.</summary>
    public static async Task AwaitNewsAsync(CoreClient core, CancellationToken interrupted)
    {
        CoreInfo before = await core.GetInfoAsync().ConfigureAwait(false), now = before;
        for (TimeSpan waited = TimeSpan.Zero; before.Length > 0 && now.Length == before.Length && waited < s_newsWithin; waited += s_pause)
        {
            await Task.Delay(s_pause, interrupted).ConfigureAwait(false);
            now = await core.GetInfoAsync().ConfigureAwait(false);
        }
    }
}
