using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hypercore.Damage;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core repair</c>: mends what follows from what is intact, and says what has to be fetched again.</summary>
internal static class CoreRepairVerb
{
    public static Command Create()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<bool> json = SharedOptions.Json();
        Command command = new("repair", "Find damage and mend what the folder allows. Example: auction core repair ./feed");
        command.Arguments.Add(folder);
        command.Options.Add(json);
        command.SetAction((parsed, interrupted) => CoreSession.RunAsync(CoreArguments.OpenDamaged(parsed.GetValue(folder)!), async core =>
        {
            ProgressLine progress = ProgressLine.ForTerminal(parsed.GetValue(json));
            Task<RepairReport> LookAsync()
                => progress.AwaitAsync(core.RepairAsync(Timeout.InfiniteTimeSpan, interrupted), "looking for damage", interrupted);
            RepairReport report = await LookAsync().ConfigureAwait(false);
            while (report is { IsPartial: true, HasProgress: true })
                report = (await LookAsync().ConfigureAwait(false)).After(report);
            if (parsed.GetValue(json))
                JsonOutput.WriteLine(Json(report));
            else
                Print(report, Console.Out);
            return IsWhole(report) ? ExitCode.Success : ExitCode.VerificationFailed;
        }));
        return command;
    }

    public static void Print(RepairReport report, TextWriter output)
    {
        foreach (CoreDamage damage in report.Damage)
            output.WriteLine(damage);
        output.WriteLine(report.Damage.Count == 0 ? "nothing is damaged"
            : $"{report.Mended} nodes mended; to be fetched again: {report.LostBlocks.Count} blocks, {report.Wanted.Count} parts of the tree");
        if (report.IsPartial)
            output.WriteLine("that is as much as one look reports: there may be more behind it");
        if (report.LostLength is { } lost)
            output.WriteLine($"the roots of all {lost} blocks have to be fetched again before anything else is looked at");
        if (!IsWhole(report))
            output.WriteLine("'auction core fetch <key> --into <folder> --repair' fetches them from a peer");
    }

    private static bool IsWhole(RepairReport report)
        => report is { LostBlocks.Count: 0, Wanted.Count: 0, LostLength: null, IsPartial: false };

    private static JsonObject Json(RepairReport report) => new()
    {
        ["damage"] = new JsonArray([.. report.Damage.Select(damage => (JsonNode)damage.ToString())]),
        ["mended"] = report.Mended,
        ["lostBlocks"] = new JsonArray([.. report.LostBlocks.Select(block => (JsonNode)block)]),
        ["wantedParts"] = report.Wanted.Count,
        ["lostLength"] = report.LostLength,
        ["partial"] = report.IsPartial,
    };
}
