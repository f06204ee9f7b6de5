using System.CommandLine;
using AuctionActors.Cli.Output;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Cli.Sim;

/// <summary>A scenario as a verb's argument.</summary>
internal static class ScenarioArguments
{
    public static Option<string[]> Settings() => new("--set")
    {
        Description = "path=value put into the scenario, for example --set network.default.loss=5%",
        HelpName = "path=value",
    };

    public static Scenario Load(string path, IEnumerable<string> settings)
    {
        if (!File.Exists(path))
            throw CommandException.Usage($"there is no scenario {path}", Nearest(path));
        try
        {
            return ScenarioFile.Load(path, settings);
        }
        catch (ScenarioException error)
        {
            throw new CommandException(ExitCode.Usage, "SCENARIO", error.Message);
        }
    }

    public static string Describe(Scenario scenario) => scenario.Description
        ?? $"{scenario.Peers.Count()} peers, {scenario.Workload.Length} steps, "
        + $"{scenario.Faults.Length} faults, {scenario.Properties.Length} properties";

    private static string Nearest(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } given && Directory.Exists(given) ? given : "simulations";
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [];
        return Spelling.Nearest(path, files) is { } nearest ? $"did you mean '{nearest}'?" : "see 'auction sim list'";
    }
}
