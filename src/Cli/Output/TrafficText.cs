using System.Text.Json.Nodes;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Cli.Output;

/// <summary>What a node or a relay has counted, for people and for programs.</summary>
internal static class TrafficText
{
    public static JsonObject Json(DhtNodeProtocol.NodeTraffic traffic)
    {
        JsonObject json = ToJson(Requests(traffic));
        json["commands"] = new JsonObject(traffic.Commands.Select(
            count => KeyValuePair.Create(CommandNames.NameOf(count.Command), (JsonNode?)ToJson(Directions(count)))));
        json["queries"] = ToJson(Queries(traffic));
        json["ways"] = ToJson(Ways(traffic.Ways));
        json["punchSockets"] = ToJson(Sockets(traffic));
        json["handshakes"] = ToJson(Handshakes(traffic));
        return json;
    }

    public static IEnumerable<string> Lines(DhtNodeProtocol.NodeTraffic traffic)
        =>
        [
            $"datagrams   {ToLine(Requests(traffic))}",
            .. traffic.Commands.Select(count => $"  {CommandNames.NameOf(count.Command),-14} {ToLine(Directions(count))}"),
            $"queries     {ToLine(Queries(traffic))}",
            $"ways        {ToLine(Ways(traffic.Ways))}",
            $"sockets     {ToLine(Sockets(traffic))}",
            $"turned away {ToLine(Handshakes(traffic))}",
        ];

    public static JsonObject Json(RelayStatistics seen) => ToJson(Relayed(seen));

    public static string Line(RelayStatistics seen) => ToLine(Relayed(seen));

    private static JsonObject ToJson((string Name, long Count)[] counts)
        => [.. counts.Select(count => KeyValuePair.Create(count.Name, (JsonNode?)count.Count))];

    private static string ToLine((string Name, long Count)[] counts) => string.Join("  ", counts.Select(count => $"{count.Name} {count.Count}"));

    private static (string Name, long Count)[] Requests(DhtNodeProtocol.NodeTraffic traffic) =>
    [
        ("requestsReceived", traffic.RequestsReceived), ("requestsMade", traffic.RequestsMade), ("repliesReceived", traffic.RepliesReceived),
        ("timeouts", traffic.Timeouts), ("retries", traffic.Retries), ("malformed", traffic.Malformed), ("spoofed", traffic.Spoofed),
        ("unmatched", traffic.Unmatched), ("invalidTokens", traffic.InvalidTokens),
    ];

    private static (string Name, long Count)[] Directions(CommandCount count)
        => [("made", count.Made), ("answered", count.Answered), ("received", count.Received)];

    private static (string Name, long Count)[] Queries(DhtNodeProtocol.NodeTraffic traffic)
        => [("started", traffic.Queries.Started), ("running", traffic.Queries.Running)];

    private static (string Name, long Count)[] Ways(WayCounts ways) =>
    [
        ("direct", ways.Direct), ("lan", ways.Lan), ("punched", ways.Punched), ("birthday", ways.Birthday), ("relayed", ways.Relayed),
        ("punches", ways.Punches), ("searches", ways.Searches), ("tryLater", ways.TryLater),
        ("relaysTried", ways.RelaysTried), ("relaysPaired", ways.RelaysPaired), ("relaysFailed", ways.RelaysFailed),
    ];

    private static (string Name, long Count)[] Sockets(DhtNodeProtocol.NodeTraffic traffic)
        => [("opened", traffic.PunchSockets.Opened), ("closed", traffic.PunchSockets.Closed)];

    private static (string Name, long Count)[] Handshakes(DhtNodeProtocol.NodeTraffic traffic) =>
    [
        ("refused", traffic.Handshakes.Refused), ("malformed", traffic.Handshakes.Malformed), ("repeated", traffic.Handshakes.Repeated),
        ("tooMany", traffic.Handshakes.TooMany), ("displaced", traffic.Handshakes.Displaced), ("rounds", traffic.Handshakes.Rounds),
    ];

    private static (string Name, long Count)[] Relayed(RelayStatistics seen) =>
    [
        ("sessionsOpened", seen.SessionsOpened), ("sessionsClosed", seen.SessionsClosed), ("pairingsRequested", seen.PairingsRequested),
        ("pairingsMatched", seen.PairingsMatched), ("pairingsCancelled", seen.PairingsCancelled), ("streamsOpened", seen.StreamsOpened),
        ("streamsClosed", seen.StreamsClosed), ("forwardedPackets", seen.ForwardedPackets), ("forwardedBytes", seen.ForwardedBytes),
    ];
}
