using System.Diagnostics;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Nodes;

public sealed class AuctionNodeTests : IDisposable
{
    private readonly LocalMarket _market = new();

    public void Dispose() => _market.Dispose();

    [Fact]
    public void Three_processes_play_the_tutorial_story_and_agree()
    {
        (NodePeer one, _) = _market.Start("Client#1");
        (NodePeer two, JsonObject second) = _market.Start("Client#2");
        (NodePeer three, _) = _market.Start("Client#3");
        string id = (string)LocalMarket.Ask(one, "sell Pic#1 75 USDt")["id"]!;
        Assert.Equal(id, (string?)LocalMarket.Await(two, "FOUND")["id"]);
        Assert.Equal(id, (string?)LocalMarket.Await(three, "FOUND")["id"]);
        Assert.Equal("ACCEPTED", Verdict(two, $"bid {id[..8]} 75"));
        Assert.Equal("ACCEPTED", Verdict(three, $"bid {id[..8]} 75.5"));
        Assert.Equal("75.5", (string?)LocalMarket.Await(two, "OUTBID")["amount"]);
        Assert.Equal("LOW", Verdict(two, $"bid {id[..8]} 75.5"));
        Assert.Equal("ACCEPTED", Verdict(two, $"bid {id[..8]} 80"));
        Assert.Equal("SELF", Verdict(one, $"bid {id[..8]} 90"));
        JsonObject closed = LocalMarket.Ask(one, "close Pic#1");
        Assert.Equal((2, 2), ((int)closed["notified"]!, (int)closed["acks"]!));
        JsonObject[] heard = [LocalMarket.Await(two, "CLOSED"), LocalMarket.Await(three, "CLOSED")];
        Assert.All(heard, news => Assert.Equal(
            ("SOLD", (string?)second["publicKey"], "80", (string?)closed["digest"]),
            ((string?)news["outcome"], (string?)news["winner"], (string?)news["price"], (string?)news["digest"])));
        Assert.Equal("LATE", Verdict(three, $"bid {id[..8]} 90"));
        Assert.Equal("OK", (string?)LocalMarket.Ask(three, $"audit {id[..8]}")["verdict"]);
        foreach (NodePeer node in new[] { one, two, three })
        {
            node.CloseInput();
            Assert.Equal(0, node.WaitForExit());
        }
    }

    [Fact]
    public void Connections_are_listed_with_path_round_trip_loss_and_throughput()
    {
        (NodePeer one, JsonObject seller) = _market.Start("Client#1");
        (NodePeer two, _) = _market.Start("Client#2");
        string id = (string)LocalMarket.Ask(one, "sell Pic#1 75 USDt")["id"]!;
        LocalMarket.Await(two, "FOUND");
        Assert.Equal("ACCEPTED", Verdict(two, $"bid {id[..8]} 75"));
        JsonArray listed = LocalMarket.Ask(two, "connections")["connections"]!.AsArray();
        JsonObject open = listed.Single(open => (string?)open!["publicKey"] == (string?)seller["publicKey"])!.AsObject();
        Assert.Equal(("direct", 0), ((string?)open["path"], (int)open["lost"]!));
        foreach (string positive in (string[])["rttMs", "openMs", "openSeconds", "sentBytes", "receivedBytes", "sentBytesPerSecond", "receivedBytesPerSecond"])
            Assert.True((double)open[positive]! > 0, positive);
    }

    [Fact]
    public void A_node_tells_what_it_has_counted_and_what_its_servers_turned_away()
    {
        (NodePeer node, _) = _market.Start("Client#1");
        JsonObject traffic = LocalMarket.Ask(node, "traffic")["traffic"]!.AsObject();
        Assert.True((long)traffic["repliesReceived"]! > 0);
        JsonObject commands = traffic["commands"]!.AsObject();
        Assert.Equal(["made", "answered", "received"], commands["findNode"]!.AsObject().Select(count => count.Key));
        foreach (string command in (string[])["findNode", "findPeer", "announce", "lookup"])
            Assert.True((long)commands[command]!["answered"]! > 0, command);
        Assert.True((long)traffic["queries"]!["started"]! > 0);
        Assert.Equal(11, traffic["ways"]!.AsObject().Count);
        Assert.Equal(["opened", "closed"], traffic["punchSockets"]!.AsObject().Select(count => count.Key));
        Assert.Equal(
            ["refused 0", "malformed 0", "repeated 0", "tooMany 0", "displaced 0", "rounds 0"],
            traffic["handshakes"]!.AsObject().Select(count => $"{count.Key} {count.Value}"));
    }

    [Fact]
    public void To_people_an_audit_of_an_auction_without_a_result_says_that_it_is_open()
    {
        NodePeer node = _market.Launch("Client#1", json: false);
        node.WriteLine("sell Pic#1 75 USDt");
        node.WriteLine("audit Pic#1");
        node.WriteLine("cancel Pic#1");
        node.WriteLine("audit Pic#1");
        string[] verdicts = [ReadVerdict(), ReadVerdict()];
        Assert.Contains(", still open, digest ", verdicts[0], StringComparison.Ordinal);
        Assert.Contains(", winner recomputed CANCELLED, digest ", verdicts[1], StringComparison.Ordinal);

        string ReadVerdict()
        {
            string line = "";
            while (!line.StartsWith("OK ", StringComparison.Ordinal))
                line = node.ReadLine(LocalMarket.Patience);
            return line;
        }
    }

    [Fact]
    public void A_killed_seller_comes_back_with_its_key_and_its_auctions()
    {
        (NodePeer one, JsonObject before) = _market.Start("Client#1");
        string id = (string)LocalMarket.Ask(one, "sell Pic#1 75 USDt")["id"]!;
        one.Kill();
        (NodePeer again, JsonObject after) = _market.Start("Client#1");
        Assert.Equal((string?)before["publicKey"], (string?)after["publicKey"]);
        Assert.Equal((string?)before["coreKey"], (string?)after["coreKey"]);
        JsonObject listed = LocalMarket.Ask(again, "ls");
        Assert.Equal(id, (string?)Assert.Single(listed["auctions"]!.AsArray())!["id"]);
        NodePeer second = _market.Launch("Client#1");
        Assert.Equal(3, second.WaitForExit());
        JsonObject error = second.ReadJson()["error"]!.AsObject();
        Assert.Equal("STORAGE_LOCKED", (string?)error["code"]);
        Assert.Contains("is in use by another node", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_typed_wrong_gets_one_line_that_says_what_is_right()
    {
        (NodePeer one, _) = _market.Start("Client#1");
        Assert.Equal("did you mean 'sell'?", Error(one, "sel Pic#1 75", "expected"));
        Assert.Equal("USDt has 6 decimals", Error(one, "sell Pic#1 75.1234567", "message"));
        Assert.Equal("NOT_FOUND", Error(one, "bid Pic#9 80", "code"));
        Assert.Equal("OFFLINE", Error(one, $"connect {new string('a', 64)}", "code"));
        LocalMarket.Ask(one, "sell Pic#1 75");
        Assert.Equal("USAGE", Error(one, "bid Pic#1 many", "code"));
    }

    [Fact]
    public void A_JavaScript_client_pings_and_lists_and_a_Hyperbee_reads_the_auctions_live()
    {
        (NodePeer one, JsonObject ready) = _market.Start("Client#1");
        string id = (string)LocalMarket.Ask(one, "sell Pic#1 75 USDt")["id"]!;
        using NodePeer script = NodePeer.Start(
            "auction.js", "--bootstrap", _market.Bootstrap, "--key", (string)ready["publicKey"]!, "--bee", (string)ready["beeKey"]!);
        script.ReadEvent("ready");
        script.WriteLine("""{"op":"rpc","method":"ping","value":{"nonce":41}}""");
        Assert.Equal(42, (int)script.ReadEvent("answer")["value"]!["nonce"]!);
        script.WriteLine("""{"op":"rpc","method":"auction/list","value":{}}""");
        JsonNode auction = Assert.Single(script.ReadEvent("answer")["value"]!["auctions"]!.AsArray())!;
        Assert.Equal((id, "Pic#1", "OPEN"), ((string)auction["id"]!, (string)auction["item"]!, (string)auction["status"]!));
        Assert.Equal("75", (string?)Entry(script, $"open/{id}")["start"]);
        LocalMarket.Ask(one, "close Pic#1");
        Assert.Equal("NO_BIDS", (string?)Entry(script, $"close/{id}")["outcome"]);
    }

    private static string Verdict(NodePeer node, string command) => (string)LocalMarket.Ask(node, command)["verdict"]!;

    private static string? Error(NodePeer node, string command, string field)
        => (string?)LocalMarket.Ask(node, command)["error"]![field];

    /// <summary>Reads the bee again and again until it has the entry.</summary>
    private static JsonNode Entry(NodePeer script, string key)
    {
        Stopwatch elapsed = Stopwatch.StartNew();
        string last = "";
        while (elapsed.Elapsed < TimeSpan.FromSeconds(30))
        {
            script.WriteLine("""{"op":"bee"}""");
            JsonArray entries = script.ReadEvent("entries")["entries"]!.AsArray();
            last = entries.ToJsonString();
            if (entries.FirstOrDefault(entry => (string?)entry!["key"] == key)?["value"] is { } value)
                return value;
        }

        throw new TimeoutException($"{key} is not among {last}; {script.Diagnostics}");
    }
}
