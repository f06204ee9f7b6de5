using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>How a core stands, for people and for programs.</summary>
internal static class CoreInfoText
{
    public static JsonObject Json(CoreInfo core) => new()
    {
        ["key"] = core.Key.ToHex(),
        ["discoveryKey"] = core.DiscoveryKey.ToHex(),
        ["length"] = core.Length,
        ["byteLength"] = core.ByteLength,
        ["fork"] = core.Fork,
        ["treeHash"] = core.Tree.Hash.ToHex(),
        ["writable"] = core.Writable,
        ["contiguousLength"] = core.ContiguousLength,
    };

    public static void Print(CoreInfo core, bool json)
    {
        if (json)
        {
            JsonOutput.WriteLine(Json(core));
            return;
        }

        foreach ((string name, JsonNode? value) in Json(core))
            Console.WriteLine($"{name,-17}{value}");
    }
}
