using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace AuctionActors.Cli.Core;

/// <summary>What has passed with the peers of a core, for people and for programs.</summary>
internal static class CorePeersText
{
    public static JsonObject Json(CorePeerProtocol.Peers peers) => new()
    {
        ["total"] = Json(peers.Total),
        ["peers"] = new JsonArray([.. peers.Present.Select(Json)]),
    };

    public static void Print(CorePeerProtocol.Peers peers, bool json)
    {
        if (json)
        {
            JsonOutput.WriteLine(Json(peers));
            return;
        }

        Print("all peers", peers.Total);
        foreach (CorePeer peer in peers.Present)
            Print(peer.Key.ToHex(), peer.Statistics);
    }

    private static JsonObject Json(CorePeer peer)
        => new() { ["publicKey"] = peer.Key.ToHex(), ["statistics"] = Json(peer.Statistics) };

    private static void Print(string name, ReplicationStatistics counted)
    {
        Console.WriteLine(name);
        foreach ((string what, MessageCount count) in Messages(counted))
            Console.WriteLine($"  {what,-16}{count.Sent,12} sent{count.Received,12} received");
        foreach ((string what, long count) in Faults(counted))
            Console.WriteLine($"  {what,-16}{count,12}");
    }

    private static JsonObject Json(ReplicationStatistics counted)
    {
        JsonObject json = [];
        foreach ((string what, MessageCount count) in Messages(counted))
            json[what] = new JsonObject { ["sent"] = count.Sent, ["received"] = count.Received };
        foreach ((string what, long count) in Faults(counted))
            json[what] = count;
        return json;
    }

    private static (string What, MessageCount Count)[] Messages(ReplicationStatistics counted) =>
    [
        ("sync", counted.Sync), ("request", counted.Requests), ("cancel", counted.Cancels), ("data", counted.Data), ("noData", counted.NoData),
        ("want", counted.Wants), ("unwant", counted.Unwants), ("bitfield", counted.Bitfields), ("range", counted.Ranges),
        ("extension", counted.Extensions), ("blocks", counted.Blocks), ("blockBytes", counted.BlockBytes),
    ];

    private static (string What, long Count)[] Faults(ReplicationStatistics counted)
        => [("invalidData", counted.InvalidData), ("invalidRequests", counted.InvalidRequests), ("timeouts", counted.Timeouts)];
}
