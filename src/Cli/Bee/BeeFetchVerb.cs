using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary><c>auction bee fetch</c>: downloads somebody's bee, or of one that is large only what answers a question.</summary>
internal static class BeeFetchVerb
{
    private static readonly Option<string?> s_entry = new("--key") { Description = "only what leads to this key, and print its value" };
    private static readonly Option<bool> s_list = new("--ls") { Description = "print keys and values, also when no bound is given" };
    private static readonly Option<long?> s_length = new("--length") { Description = "wait until the core has so many blocks" };
    private static readonly Option<bool> s_live = new("--live") { Description = "stay, and print every change as it is written" };
    private static readonly Option<bool> s_json = SharedOptions.Json();

    public static Command Create()
    {
        Command command = new(
            "fetch",
            "Download a bee; with --key or a range only the blocks that lead there. Example: auction bee fetch <key> --into ./copy --gte a --lt b");
        RemoteCore.AddArguments(command);
        foreach (Option option in (Option[])[s_entry, s_list, s_length, s_live])
            command.Options.Add(option);
        BeeBounds.AddOptions(command);
        BeeText.AddOptions(command);
        BeeSession.AddCheckout(command);
        command.Options.Add(s_json);
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        bool listed = parsed.GetValue(s_list) || BeeBounds.AreGiven(parsed);
        if (parsed.GetValue(s_entry) is not null && listed)
            throw CommandException.Usage("--key names one key, and bounds name many", "either --key, or --gte and --lt");
        if (parsed.GetValue(s_live) && BeeBounds.AreGiven(parsed))
            throw CommandException.Usage("--live follows a whole bee, a sub-database or one key", "no bounds, or --sub NAME, or --key KEY");
        BeePrinter printer = new(parsed, s_json);
        bool isSparse = listed || parsed.GetValue(s_entry) is not null;
        RemoteCore remote = new(parsed)
        {
            IsSparse = isSparse,
            Interrupted = isSparse || parsed.GetValue(s_live) ? null : info => CoreInfoText.Print(info, parsed.GetValue(s_json)),
        };
        return remote.RunAsync(
            async (core, system, timeout) =>
            {
                await ArriveAsync(core, parsed, isSparse, timeout, interrupted).ConfigureAwait(false);
                return await BeeSession.RunAsync(core, system, "the core", timeout, isRemote: true, async session =>
                {
                    if (parsed.GetValue(s_entry) is { } key)
                        await printer.PrintValueAsync(session, key).ConfigureAwait(false);
                    else if (listed)
                        await printer.PrintRangeAsync(session, interrupted).ConfigureAwait(false);
                    else
                        CoreInfoText.Print(await core.GetInfoAsync().ConfigureAwait(false), parsed.GetValue(s_json));
                    if (parsed.GetValue(s_live))
                        await FollowAsync(session, printer, parsed.GetValue(s_entry), interrupted).ConfigureAwait(false);
                    return ExitCode.Success;
                }).ConfigureAwait(false);
            },
            interrupted);
    }

    private static async Task FollowAsync(BeeSession session, BeePrinter printer, string? key, CancellationToken interrupted)
    {
        await foreach (BeeChange change in session.Bee.FollowAsync(session.Version, interrupted).ConfigureAwait(false))
        {
            if (printer.Text.Holds(change.Entry) && (key is null || change.Entry.Key.Span.SequenceEqual(printer.Text.Key(key).Span)))
                printer.Print(change);
        }
    }

    private static async Task ArriveAsync(CoreClient core, ParseResult parsed, bool isSparse, TimeSpan timeout, CancellationToken interrupted)
    {
        ProgressLine progress = ProgressLine.ForTerminal(parsed.GetValue(s_json));
        try
        {
            if (parsed.GetValue(s_length) is null)
                await CoreArrival.AwaitNewsAsync(core, interrupted).ConfigureAwait(false);
            await CoreArrival.AwaitAsync(core, parsed.GetValue(s_length) ?? 1, isSparse, progress, timeout, interrupted).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }
}
