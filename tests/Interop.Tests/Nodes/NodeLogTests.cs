using System.Net.Sockets;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Nodes;

/// <summary>What a node leaves behind when it ends: its log, its files, its announcements.</summary>
public sealed class NodeLogTests : IDisposable
{
    private const UnixFileMode Others = (UnixFileMode)0b111_111;

    private readonly LocalMarket _market = new();

    public void Dispose() => _market.Dispose();

    [Fact]
    public void A_log_is_sealed_by_a_clean_end_and_continued_after_a_kill()
    {
        string storage = _market.StorageOf("one");
        (NodePeer node, _) = _market.Start("one");
        LocalMarket.Ask(node, "sell Pic#1 75 USDt");
        LocalMarket.Ask(node, "cancel Pic#1");
        node.Kill();
        JsonObject open = _market.Run(6, "log", "verify", storage)["error"]!.AsObject();
        Assert.Equal("NOT_SEALED", (string?)open["code"]);
        (node, _) = _market.Start("one");
        node.Terminate();
        Assert.Equal(0, node.WaitForExit());
        JsonObject verdict = _market.Run(0, "log", "verify", storage);
        Assert.Equal("ok", (string?)verdict["verdict"]);
        JsonObject summary = _market.Run(0, "log", "summary", storage);
        Assert.Equal(((long?)verdict["events"], 2L), ((long?)summary["events"], (long?)summary["kinds"]!["run.start"]));
        string seal = Path.Combine(storage, "events", "seal.json");
        File.WriteAllText(seal, File.ReadAllText(seal).Replace("\"count\":", "\"count\":1", StringComparison.Ordinal));
        Assert.Equal("VERIFICATION_FAILED", (string?)_market.Run(6, "log", "verify", storage)["error"]!["code"]);
    }

    [Fact]
    public void Random_bytes_are_dropped_and_counted_and_an_auction_is_found_by_its_item()
    {
        (NodePeer node, JsonObject ready) = _market.Start("one");
        using (UdpClient stranger = new())
        {
            Random random = new(7);
            for (int i = 0; i < 50; i++)
            {
                byte[] bytes = new byte[1 + random.Next(1200)];
                random.NextBytes(bytes);
                stranger.Send(bytes, "127.0.0.1", (int)ready["port"]!);
            }
        }

        string id = (string)LocalMarket.Ask(node, "sell Pic#1 75 USDt")["id"]!;
        node.CloseInput();
        Assert.Equal(0, node.WaitForExit());
        JsonObject summary = _market.Run(0, "log", "summary", _market.StorageOf("one"));
        Assert.InRange((long)summary["kinds"]!["net.drop"]!, 40, 50);
        JsonObject opening = _market.Run(0, "log", "show", _market.StorageOf("one"), "--corr", "auction=Pic#1");
        Assert.Equal(("auction.open", id), ((string?)opening["kind"], (string?)opening["corr"]!["auction"]));
    }

    [Fact]
    public void A_node_that_ends_is_no_longer_announced_and_its_keys_are_its_owners_alone()
    {
        (NodePeer node, JsonObject ready) = _market.Start("one");
        string key = (string)ready["publicKey"]!;
        string[] network = ["--bootstrap", _market.Bootstrap, "--host", "127.0.0.1"];
        Assert.Equal(key, (string?)_market.Run(0, ["dht", "find-peer", key, .. network])["publicKey"]);
        node.WriteLine("exit");
        Assert.Equal(0, node.WaitForExit());
        Assert.Equal("PEER_NOT_FOUND", (string?)_market.Run(4, ["dht", "find-peer", key, .. network])["error"]!["code"]);
        string storage = _market.StorageOf("one");
        foreach (string path in Directory.EnumerateFiles(storage, "*", SearchOption.AllDirectories).Append(storage))
            Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0, path);
    }
}
