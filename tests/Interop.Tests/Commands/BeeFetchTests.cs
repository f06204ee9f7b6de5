using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using AuctionActors.Interop.Tests.Nodes;

namespace AuctionActors.Interop.Tests.Commands;

/// <summary><c>auction bee fetch</c> from JavaScript, found through the DHT.</summary>
public sealed class BeeFetchTests : IDisposable
{
    private const int Entries = 800;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly LocalMarket _network = new();

    [Theory]
    [InlineData("10")]
    [InlineData("11")]
    public void A_key_and_a_range_of_a_large_bee_come_with_few_blocks(string version)
    {
        using NodePeer source = Source(version, out string key, out _);
        string folder = _network.StorageOf("copy");
        Assert.Equal("value-77", (string?)Fetch(0, key, "--into", folder, "--key", NameOf(77))[0]["value"]);
        Assert.InRange(Uploaded(source), 3, 100);

        string[] wanted = [.. Enumerable.Range(0, Entries).Select(NameOf).Order(StringComparer.Ordinal)
            .Where(name => string.CompareOrdinal(name, "key02") >= 0 && string.CompareOrdinal(name, "key03") < 0)];
        List<JsonObject> range = Fetch(0, key, "--into", folder, "--gte", "key02", "--lt", "key03");
        Assert.Equal(wanted, range.Select(entry => (string?)entry["key"]));
        Assert.InRange(Uploaded(source), wanted.Length / 2, Entries / 2);

        (int code, List<JsonObject> again) = AuctionCommand.Run("bee", "ls", folder, "--gte", "key02", "--lt", "key03");
        Assert.Equal((0, wanted.Length), (code, again.Count));
    }

    [Fact]
    public void Sub_databases_of_JavaScript_are_read_with_its_encodings()
    {
        using NodePeer source = Source("11", out string key, out _);
        string[] sub = ["--sub", "people", "--key-encoding", "json", "--encoding", "json"];
        List<JsonObject> people = Fetch(0, [key, "--into", _network.StorageOf("copy"), "--ls", .. sub]);
        Assert.Equal(["ann {\"age\":30}", "bob {\"age\":40}", "eve "], people.Select(one => $"{one["key"]} {one["value"]?.ToJsonString()}"));
    }

    [Fact]
    public void A_whole_bee_is_fetched_and_brought_up_to_date_from_a_named_peer()
    {
        using NodePeer source = Source("11", out string key, out string peer);
        string folder = _network.StorageOf("copy");
        JsonObject first = Fetch(0, key, "--into", folder, "--peer", peer)[0];
        Assert.Equal((Entries + 4, Entries + 4), ((long?)first["length"], (long?)first["contiguousLength"]));
        source.WriteLine("put late news");
        source.ReadEvent("done", Patience);
        Assert.Equal(Entries + 5, (long?)Fetch(0, key, "--into", folder, "--peer", peer)[0]["length"]);
        Assert.Equal("news", (string?)AuctionCommand.Run("bee", "get", folder, "late").Output[0]["value"]);
    }

    [Fact]
    public void Changes_of_JavaScript_are_printed_as_it_writes_them()
    {
        using NodePeer source = Source("11", out string key, out string peer);
        NodePeer live = _network.Keep(AuctionCommand.Start(
            "bee", "fetch", key, "--into", _network.StorageOf("live"), "--key", NameOf(5), "--live", "--peer", peer,
            "--bootstrap", _network.Bootstrap, "--host", "127.0.0.1", "--json"));
        Assert.Equal("value-5", (string?)live.ReadJson(wait: Patience)["value"]);
        source.WriteLine("put other unseen");
        source.WriteLine($"put {NameOf(5)} changed");
        JsonObject change = live.ReadJson(wait: Patience);
        Assert.Equal(("put", "changed", Entries + 5), ((string?)change["type"], (string?)change["value"], (int?)change["seq"]));
    }

    [Fact]
    public void What_cannot_be_fetched_is_said_in_one_line()
    {
        using NodePeer source = Source("11", out string key, out _);
        string folder = _network.StorageOf("copy");
        Assert.Equal("NO_KEY", Error(Fetch(4, key, "--into", folder, "--key", "nothing")));
        Assert.Equal("NO_VERSION", Error(Fetch(4, key, "--into", folder, "--key", "nothing", "--checkout", "5000")));
        Assert.Equal("USAGE", Error(Fetch(2, key, "--into", folder, "--key", "a", "--lt", "b")));
        Assert.Equal("USAGE", Error(Fetch(2, "abc", "--into", folder)));
        string nobody = _network.StorageOf("nobody");
        Assert.Equal("NOT_FOUND", Error(Fetch(4, new string('3', 64), "--into", nobody, "--timeout", "3")));
        Assert.False(Directory.Exists(nobody));
    }

    [Fact]
    public void A_disk_that_is_full_ends_a_fetch_at_once_and_is_named()
    {
        using NodePeer source = Source("11", out string key, out string peer);
        string folder = _network.StorageOf("full");
        Assert.Equal(0, AuctionCommand.Run("core", "create", folder, "--key", key).Code);
        File.CreateSymbolicLink(Path.Combine(folder, "data"), "/dev/full");
        JsonObject error = Fetch(2, key, "--into", folder, "--peer", peer)[0]["error"]!.AsObject();
        Assert.StartsWith("no space left on the disk", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_fetch_tells_what_has_come()
    {
        using NodePeer source = Source("11", out string key, out string peer);
        NodePeer fetch = _network.Keep(AuctionCommand.Start(
            "core", "fetch", key, "--into", _network.StorageOf("part"), "--length", $"{Entries * 2}", "--peer", peer,
            "--bootstrap", _network.Bootstrap, "--host", "127.0.0.1", "--json"));
        string data = Path.Combine(_network.StorageOf("part"), "data");
        Assert.True(SpinWait.SpinUntil(() => new FileInfo(data) is { Exists: true, Length: > 0 }, Patience));
        fetch.Interrupt();
        Assert.Equal(Entries + 4, (int)fetch.ReadJson(wait: Patience)["length"]!);
        Assert.Equal(130, fetch.WaitForExit());
    }

    public void Dispose() => _network.Dispose();

    private static string NameOf(int number) => $"key{number * 7919 % 10007:00000}";

    private static string? Error(List<JsonObject> output) => (string?)output[0]["error"]!["code"];

    private static int Uploaded(NodePeer source)
    {
        source.WriteLine("count");
        return (int)source.ReadEvent("count", Patience)["blocks"]!;
    }

    private NodePeer Source(string version, out string key, out string peer)
    {
        NodePeer source = NodePeer.Start("bee-dht.js", "--bootstrap", _network.Bootstrap, "--version", version, "--entries", $"{Entries}");
        JsonObject bee = source.ReadEvent("bee", Patience);
        (key, peer) = ((string)bee["key"]!, (string)bee["publicKey"]!);
        return source;
    }

    private List<JsonObject> Fetch(int code, params string[] arguments)
    {
        (int actual, List<JsonObject> output) = AuctionCommand.Run(["bee", "fetch", .. arguments, "--bootstrap", _network.Bootstrap, "--host", "127.0.0.1"]);
        Assert.Equal(code, actual);
        return output;
    }
}
