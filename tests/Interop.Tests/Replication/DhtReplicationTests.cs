using System.Diagnostics;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using AuctionActors.Interop.Tests.Nodes;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary><c>auction core share</c> and <c>fetch</c> with JavaScript on the other side, found through the DHT.</summary>
public sealed class DhtReplicationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly LocalMarket _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("10")]
    [InlineData("11")]
    public void JavaScript_downloads_the_core_that_we_share(string version)
    {
        string folder = _network.StorageOf("shared");
        Run("create", folder);
        Run(["append", folder, .. Enumerable.Range(0, 50).Select(i => $"ours-{i}")]);
        NodePeer share = Auction("share", folder);
        JsonObject shared = share.ReadJson(wait: Patience);
        Assert.Equal(50, (long?)shared["length"]);
        using NodePeer reader = Script(version, "reader", "--key", (string)shared["key"]!, "--peer", (string)shared["publicKey"]!);
        JsonObject downloaded = reader.ReadJson(json => (string?)json["event"] == "downloaded" && (long?)json["length"] == 50, Patience);
        Assert.Equal("ours-49", (string?)downloaded["last"]);
        share.Kill();
        Assert.Equal((string?)Run("info", folder)["treeHash"], (string?)downloaded["treeHash"]);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("11")]
    public void We_fetch_the_core_that_JavaScript_announces(string version)
    {
        using NodePeer source = Script(version, "source", "--blocks", "60");
        JsonObject core = source.ReadEvent("core", Patience);
        string key = (string)core["key"]!, folder = _network.StorageOf("copy");
        JsonObject fetched = Fetch(key, "--into", folder);
        Assert.Equal((60, 60), ((long?)fetched["length"], (long?)fetched["contiguousLength"]));
        source.WriteLine("append late");
        source.ReadEvent("done", Patience);
        Assert.Equal(61, (long?)Fetch(key, "--into", folder, "--length", "61", "--peer", (string)core["publicKey"]!)["length"]);
        Assert.Equal("ok", (string?)Run("verify", folder)["verdict"]);
    }

    [Fact]
    public void Single_blocks_are_fetched_alone()
    {
        using NodePeer source = Script("11", "source", "--blocks", "40");
        string key = (string)source.ReadEvent("core", Patience)["key"]!, folder = _network.StorageOf("sparse");
        JsonObject fetched = Fetch(key, "--into", folder, "--sparse", "5..7");
        Assert.Equal((40, 0), ((long?)fetched["length"], (long?)fetched["contiguousLength"]));
        JsonObject block = Run("cat", folder, "6");
        Assert.Equal("block-6", System.Text.Encoding.UTF8.GetString(Convert.FromHexString((string)block["value"]!)));
    }

    [Fact]
    public void Single_blocks_are_fetched_from_our_own_share_and_a_second_time_at_once()
    {
        string folder = _network.StorageOf("shared");
        Run("create", folder);
        Run(["append", folder, .. Enumerable.Range(0, 10).Select(i => $"ours-{i}")]);
        string key = (string)Auction("share", folder).ReadJson(wait: Patience)["key"]!;
        Assert.Equal((10, 0), Lengths(Fetch(key, "--into", _network.StorageOf("one"), "--sparse", "5..7")));
        Stopwatch elapsed = Stopwatch.StartNew();
        NodePeer fetch = Auction("fetch", key, "--into", _network.StorageOf("two"), "--stats");
        Assert.Equal((10, 10), Lengths(fetch.ReadJson(wait: Patience)));
        JsonNode peer = Assert.Single(fetch.ReadJson(wait: Patience)["peers"]!.AsArray())!;
        Assert.Equal((64, 10), (((string)peer["publicKey"]!).Length, (long)peer["statistics"]!["blocks"]!["received"]!));
        Assert.Equal(0, fetch.WaitForExit(Patience));
        Assert.True(elapsed.Elapsed < TimeSpan.FromSeconds(20), $"the node of the first fetch stood in the way for {elapsed.Elapsed}");
    }

    [Fact]
    public void A_core_that_nobody_has_leaves_no_folder_behind()
    {
        string folder = _network.StorageOf("nobody");
        NodePeer fetch = Auction("fetch", new string('3', 64), "--into", folder, "--timeout", "3");
        Assert.Equal("NOT_FOUND", (string?)fetch.ReadJson(wait: Patience)["error"]!["code"]);
        Assert.Equal(4, fetch.WaitForExit(Patience));
        Assert.False(Directory.Exists(folder));
    }

    private static (long?, long?) Lengths(JsonObject core) => ((long?)core["length"], (long?)core["contiguousLength"]);

    private JsonObject Fetch(params string[] arguments)
    {
        NodePeer fetch = Auction(["fetch", .. arguments]);
        JsonObject fetched = fetch.ReadJson(wait: Patience);
        Assert.Equal(0, fetch.WaitForExit(Patience));
        return fetched;
    }

    private NodePeer Auction(params string[] arguments)
        => _network.Keep(AuctionCommand.Start(["core", .. arguments, "--bootstrap", _network.Bootstrap, "--host", "127.0.0.1", "--json"]));

    private JsonObject Run(params string[] arguments)
    {
        NodePeer run = _network.Keep(AuctionCommand.Start(["core", .. arguments, "--json"]));
        JsonObject result = run.ReadJson(wait: Patience);
        Assert.Equal(0, run.WaitForExit(Patience));
        return result;
    }

    private NodePeer Script(string version, string role, params string[] more)
        => NodePeer.Start("replicate-dht.js", ["--bootstrap", _network.Bootstrap, "--version", version, "--role", role, .. more]);
}
