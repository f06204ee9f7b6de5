using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Cli.Core;

/// <summary>How far a fetch or a check has come, in words.</summary>
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

    /// <summary>What the check of a core looks at next.</summary>
    public static void Show(this ProgressLine progress, AuditPosition next, long length)
    {
        if (next.Part == AuditPart.Blocks)
            progress.Show($"block {next.Index} of {length}");
        else
            progress.Show($"node {next.Index} of {2 * length}");
    }
}
