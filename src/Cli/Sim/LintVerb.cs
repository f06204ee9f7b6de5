using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Cli.Sim;

/// <summary><c>auction sim lint</c>: says what is wrong with a scenario, and where.</summary>
internal static class LintVerb
{
    public static Command Create()
    {
        Argument<string> file = new("scenario") { Description = "the scenario's YAML file, for example simulations/hello.yaml" };
        Option<string[]> settings = ScenarioArguments.Settings();
        Option<bool> json = SharedOptions.Json();
        Command lint = new("lint", "Check a scenario. Example: auction sim lint simulations/hello.yaml") { file, settings, json };
        lint.SetAction(parsed =>
        {
            Scenario scenario = ScenarioArguments.Load(parsed.GetRequiredValue(file), parsed.GetValue(settings) ?? []);
            if (parsed.GetValue(json))
                JsonOutput.WriteLine(new JsonObject { ["name"] = scenario.Name, ["ok"] = true });
            else
                Console.Out.WriteLine($"{scenario.Name}: ok, {ScenarioArguments.Describe(scenario)}");
            return ExitCode.Success;
        });
        return lint;
    }
}
