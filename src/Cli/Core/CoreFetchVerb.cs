using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core fetch</c>: downloads somebody's core into a folder, or goes on with one.</summary>
internal static class CoreFetchVerb
{
    private static readonly Option<long?> Length = new("--length") { Description = "wait until the core has so many blocks" };
    private static readonly Option<string?> Sparse = new("--sparse") { Description = "only these blocks, for example 5..8" };
    private static readonly Option<bool> Live = new("--live") { Description = "stay, and follow the core as it grows" };
    private static readonly Option<bool> Repair = new("--repair") { Description = "look for damage first, and fetch it again" };
    private static readonly Option<bool> Statistics = new("--stats") { Description = "tell what has passed with each peer" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new("fetch", "Download a core. Example: auction core fetch <key> --into ./copy");
        RemoteCore.AddArguments(command);
        foreach (Option option in (Option[])[Length, Sparse, Live, Repair, Statistics, Json])
            command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        (long Start, long End)? blocks = parsed.GetValue(Sparse) is { } range ? CoreArguments.ParseRange(range) : null;
        bool repairs = parsed.GetValue(Repair);
        RemoteCore remote = new(parsed)
        {
            IsSparse = blocks is not null,
            IsDamaged = repairs,
            Prepare = core => PrepareAsync(core, repairs, interrupted),
            Interrupted = parsed.GetValue(Live) ? null : info => CoreInfoText.Print(info, parsed.GetValue(Json)),
        };
        return remote.RunAsync(
            async (core, _, timeout) =>
            {
                await DownloadAsync(core, parsed, blocks, timeout, interrupted).ConfigureAwait(false);
                return ExitCode.Success;
            },
            interrupted);
    }

    private static async Task PrepareAsync(CoreClient core, bool repairs, CancellationToken interrupted)
    {
        await core.GetInfoAsync().ConfigureAwait(false);
        if (repairs)
            CoreRepairVerb.Print(await core.RepairAsync(Timeout.InfiniteTimeSpan, interrupted).ConfigureAwait(false), Console.Error);
    }

    private static async Task DownloadAsync(
        CoreClient core, ParseResult parsed, (long Start, long End)? blocks, TimeSpan timeout, CancellationToken interrupted)
    {
        bool isSparse = blocks is not null;
        long wanted = Math.Max(parsed.GetValue(Length) ?? 1, blocks?.End ?? 0);
        ProgressLine progress = ProgressLine.ForTerminal(parsed.GetValue(Json));
        Task ArriveAsync() => CoreArrival.AwaitAsync(core, wanted, isSparse, progress, timeout, interrupted);
        try
        {
            await ArriveAsync().ConfigureAwait(false);
            if (parsed.GetValue(Repair))
                await AwaitRepairAsync(core, ArriveAsync, timeout, interrupted).ConfigureAwait(false);
            if (blocks is { } range)
                await CoreArrival.AwaitBlocksAsync(core, range.Start, range.End, progress, timeout, interrupted).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }

        CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
        CoreInfoText.Print(info, parsed.GetValue(Json));
        if (parsed.GetValue(Statistics))
            CorePeersText.Print(await core.GetPeersAsync().ConfigureAwait(false), parsed.GetValue(Json));
        while (parsed.GetValue(Live))
        {
            CoreInfo now = await core.AwaitChangeAsync(info, Timeout.InfiniteTimeSpan, interrupted).ConfigureAwait(false);
            if (now.ContiguousLength != info.ContiguousLength || now.Fork != info.Fork)
                CoreInfoText.Print(now, parsed.GetValue(Json));
            info = now;
        }
    }

    // Every look finds less: what it gave up has come before the next, or is no longer counted as stored. The limit is for peers: when it
    // is over, what they were asked for may have come, and another look through a large core be going on.
    private static async Task AwaitRepairAsync(CoreClient core, Func<Task> arrival, TimeSpan timeout, CancellationToken interrupted)
    {
        IReadOnlyList<WantedNode> late = [];
        while (await core.RepairAsync(Timeout.InfiniteTimeSpan, interrupted).ConfigureAwait(false) is { Damage.Count: > 0 } report)
        {
            if (late.Count > 0 && late.SequenceEqual(report.Wanted))
                throw new TimeoutException();
            late = await HaveComeAsync(core, timeout, interrupted).ConfigureAwait(false) ? [] : report.Wanted;
            await arrival().ConfigureAwait(false);
        }

        await arrival().ConfigureAwait(false);
    }

    private static async Task<bool> HaveComeAsync(CoreClient core, TimeSpan timeout, CancellationToken interrupted)
    {
        try
        {
            await core.AwaitNodesAsync(timeout, interrupted).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
