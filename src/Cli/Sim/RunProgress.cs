using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Sim;

/// <summary>Tells a person, or a program, how far a run has come; on stderr, because stdout is for the result.</summary>
internal static class RunProgress
{
    public static Action<string>? To(string form, bool json) => form switch
    {
        "plain" => Plain,
        "json" => phase => Console.Error.WriteLine(new JsonObject { ["phase"] = phase }.ToJsonString(JsonOutput.Compact)),
        "auto" when !json && !Console.IsErrorRedirected => Plain,
        _ => null,
    };

    private static void Plain(string phase) => Console.Error.WriteLine($"  {phase}");
}
