using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Cli.Sim;

/// <summary><c>auction sim list</c>: the scenarios at hand with one line each.</summary>
internal static class ListVerb
{
    private const string Folder = "simulations";

    public static Command Create()
    {
        Option<bool> json = SharedOptions.Json();
        Command list = new("list", "List the scenarios in simulations/. Example: auction sim list") { json };
        list.SetAction(parsed =>
        {
            if (!Directory.Exists(Folder))
                throw new CommandException(ExitCode.Usage, "NO_FOLDER", $"there is no folder {Folder} here", "run it in the repository");
            string[] files = [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)];
            Scenario[] scenarios = [.. files.Select(file => ScenarioArguments.Load(file, []))];
            if (parsed.GetValue(json))
                JsonOutput.WriteLine(new JsonObject { ["scenarios"] = new JsonArray([.. scenarios.Select(ToJson)]) });
            else
                Print(scenarios);
            return ExitCode.Success;
        });
        return list;
    }

    private static void Print(Scenario[] scenarios)
    {
        int width = scenarios.Max(scenario => scenario.Name.Length);
        foreach (Scenario scenario in scenarios)
            Console.Out.WriteLine($"{scenario.Name.PadRight(width)}  {ScenarioArguments.Describe(scenario)}");
    }

    private static JsonObject ToJson(Scenario scenario)
        => new() { ["name"] = scenario.Name, ["description"] = ScenarioArguments.Describe(scenario) };
}
