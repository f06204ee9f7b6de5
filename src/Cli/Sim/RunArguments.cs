using System.CommandLine;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Sim;

/// <summary>The arguments of <c>auction sim run</c>.</summary>
internal sealed class RunArguments
{
    public Argument<string> File { get; } = new("scenario")
    {
        Description = "the scenario's YAML file, for example simulations/hello.yaml",
    };

    public Option<string?> Net { get; } = new("--net") { Description = "udp (real sockets on 127.0.0.1) or virtual (deterministic)" };

    public Option<ulong?> Seed { get; } = new("--seed") { Description = "number that all draws of the run come from" };

    public Option<string[]> Settings { get; } = ScenarioArguments.Settings();

    public Option<string?> Out { get; } = new("--out") { Description = "run folder (default: runs/<name>/<time>-<seed>)" };

    public Option<string> Progress { get; } = new("--progress")
    {
        Description = "auto, plain, json or none; on stderr",
        DefaultValueFactory = _ => "auto",
    };

    public Option<bool> CheckDeterminism { get; } = new("--check-determinism")
    {
        Description = "run twice in virtual time and stop at the first event that differs (exit 3)",
    };

    public Option<bool> Json { get; } = SharedOptions.Json();

    public Command ToCommand()
    {
        Net.AcceptOnlyFromAmong("udp", "virtual");
        Progress.AcceptOnlyFromAmong("auto", "plain", "json", "none");
        return new Command("run", "Run a scenario. Example: auction sim run simulations/hello.yaml --net virtual")
        {
            File, Net, Seed, Settings, Out, Progress, CheckDeterminism, Json,
        };
    }

    /// <summary>What the command line puts into the scenario; later ones win.</summary>
    public IEnumerable<string> SettingsOf(ParseResult parsed)
    {
        foreach (string setting in parsed.GetValue(Settings) ?? [])
            yield return setting;
        if (parsed.GetValue(CheckDeterminism))
            yield return "net=virtual";
        if (parsed.GetValue(Net) is { } net)
            yield return "net=" + net;
        if (parsed.GetValue(Seed) is { } seed)
            yield return $"seed={seed}";
    }

    /// <summary>The command that gives this run again.</summary>
    public string Replay(ParseResult parsed, ulong seed, string net)
    {
        IEnumerable<string> settings = (parsed.GetValue(Settings) ?? []).Select(setting => $" --set {setting}");
        return $"auction sim run {parsed.GetRequiredValue(File)} --net {net} --seed {seed}{string.Concat(settings)}";
    }
}
