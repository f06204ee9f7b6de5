using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using AuctionActors.Simulation.Reports;
using AuctionActors.Simulation.Running;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Cli.Sim;

/// <summary><c>auction sim run</c>: runs a scenario and judges it.</summary>
internal static class RunVerb
{
    private const int Nondeterministic = 3;

    public static Command Create()
    {
        RunArguments arguments = new();
        Command run = arguments.ToCommand();
        run.SetAction((parsed, interrupted) => Task.FromResult(Run(arguments, parsed, interrupted)));
        return run;
    }

    private static int Run(RunArguments arguments, ParseResult parsed, CancellationToken interrupted)
    {
        Scenario scenario = ScenarioArguments.Load(parsed.GetRequiredValue(arguments.File), arguments.SettingsOf(parsed));
        bool check = parsed.GetValue(arguments.CheckDeterminism);
        if (check && scenario.Net != Backend.Virtual)
            throw CommandException.Usage("real sockets are not deterministic", "--check-determinism with --net virtual");
        string net = scenario.Net == Backend.Virtual ? "virtual" : "udp";
        bool json = parsed.GetValue(arguments.Json);
        string progress = parsed.GetValue(arguments.Progress)!;
        SimulationRunner runner = new(SimulatedPeers.Blueprint, new RunnerOptions { Progress = RunProgress.To(progress, json) });
        RunFolder folder = RunFolder.Create(scenario, parsed.GetValue(arguments.Out), DateTimeOffset.Now);
        MemoryEventSink? first = check ? new() : null;
        RunReport report;
        using (FolderEventSink log = new(folder.EventsPath, scenario.Seed))
            report = runner.Run(scenario, first is null ? log : new TeeEventSink(log, first), folder.Path, interrupted);
        JsonObject summary = SummaryJson.Of(report, arguments.Replay(parsed, scenario.Seed, net));
        folder.Write(summary);
        if (first is not null && report.Outcome.Verdict != RunVerdict.Interrupted
            && FindDivergence(runner, scenario, first, interrupted) is { } divergence)
            return Report(divergence, json);
        if (json)
            JsonOutput.WriteLine(summary);
        else
            RunText.Print(report, summary, folder.Path);
        return (int)report.Outcome.Verdict;
    }

    private static Divergence? FindDivergence(
        SimulationRunner runner, Scenario scenario, MemoryEventSink first, CancellationToken interrupted)
    {
        MemoryEventSink second = new();
        runner.Run(scenario, second, null, interrupted);
        return DeterminismCheck.Compare(first.Batches, second.Batches);
    }

    private static int Report(Divergence divergence, bool json)
    {
        if (json)
        {
            JsonArray context = new([.. divergence.Context.Select(line => JsonValue.Create(line))]);
            JsonOutput.WriteLine(new JsonObject
            {
                ["verdict"] = "nondeterministic",
                ["context"] = context,
                ["first"] = divergence.First,
                ["second"] = divergence.Second,
            });
            return Nondeterministic;
        }

        foreach (string line in divergence.Context)
            Console.Out.WriteLine($"    {line}");
        Console.Out.WriteLine($"1 > {divergence.First ?? "the log ends"}");
        Console.Out.WriteLine($"2 > {divergence.Second ?? "the log ends"}");
        Console.Out.WriteLine("NONDETERMINISTIC: the second run differs from here on");
        return Nondeterministic;
    }
}
