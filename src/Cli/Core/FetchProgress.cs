using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>How far a fetch has come, in words.</summary>
internal static class FetchProgress
{
    public static void Show(this ProgressLine progress, CoreInfo info, long wanted)
    {
        long length = Math.Max(info.Length, wanted);
        if (info.Length == 0)
            progress.Show($"looking for a peer that has the core");
        else
            progress.Show($"{info.ContiguousLength} of {length} blocks, {100 * info.ContiguousLength / length} %");
    }
}
