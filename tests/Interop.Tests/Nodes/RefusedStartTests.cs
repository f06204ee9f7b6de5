using System.Text.Json;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Nodes;

/// <summary>A node that cannot start says why in one line, with the exit code of its kind, and leaves nothing behind.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private readonly LocalMarket _market = new();

    public void Dispose() => _market.Dispose();

    [Fact]
    public void A_busy_port_is_named()
    {
        JsonObject error = Refuse(2, "--port", _market.Bootstrap.Split(':')[1]);
        Assert.Equal("PORT_IN_USE", (string?)error["code"]);
        Assert.False(Directory.Exists(_market.StorageOf("new")));
    }

    [Fact]
    public void A_bootstrap_node_that_does_not_answer_is_named()
    {
        JsonObject error = Refuse(5, "--bootstrap", "127.0.0.1:9");
        Assert.Equal(("OFFLINE", "bootstrap node 127.0.0.1:9 does not answer"), ((string?)error["code"], (string?)error["message"]));
        Assert.False(Directory.Exists(_market.StorageOf("new")));
    }

    [Fact]
    public void What_is_no_bootstrap_node_is_named()
    {
        foreach (string wrong in (string[])["localhost", "127.0.0.1@:9", "name@127.0.0.1:9", "127.0.0.1:0", "300.0.0.1:9", ""])
        {
            JsonObject error = Refuse(2, "--bootstrap", $"127.0.0.1:9,{wrong}");
            Assert.Equal(("USAGE", $"'{wrong}' is no address of a node"), ((string?)error["code"], (string?)error["message"]));
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.9@localhost")]
    public void A_bootstrap_node_may_be_a_name_with_or_without_an_address_to_try_first(string host)
    {
        NodePeer node = Start("--bootstrap", $"{host}:" + _market.Bootstrap.Split(':')[1]);
        Assert.NotNull(node.ReadEvent("ready")["publicKey"]);
    }

    [Fact]
    public void A_relay_whose_key_is_no_key_is_named()
    {
        string key = new('a', 64);
        foreach (string wrong in (string[])["abc", key[..62], key + "aa", new string('g', 64), ""])
        {
            JsonObject error = Refuse(2, "--relay-through", $"{key},{wrong}");
            Assert.Equal(("USAGE", $"'{wrong}' is no public key of a relay"), ((string?)error["code"], (string?)error["message"]));
            Assert.Contains("64 hex digits", (string?)error["expected"], StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_market.StorageOf("new")));
    }

    [Fact]
    public void A_node_that_may_use_relays_starts_and_serves_JavaScript_without_them()
    {
        NodePeer node = Start("--relay-through", $"{new string('a', 64)}, {new string('b', 64)}");
        string key = (string)node.ReadEvent("ready")["publicKey"]!;
        NodePeer script = _market.Keep(NodePeer.Start("auction.js", "--bootstrap", _market.Bootstrap, "--key", key));
        script.ReadEvent("ready");
        script.WriteLine("""{"op":"rpc","method":"auction/list","value":{}}""");
        Assert.Equal("answer", (string?)script.ReadJson(json => (string?)json["event"] is "answer" or "failed")["event"]);
    }

    [Fact]
    public void Storage_that_is_a_file_or_below_one_is_refused()
    {
        string file = _market.StorageOf("file");
        File.WriteAllText(file, "no folder");
        Assert.Contains("is a file, not a folder", (string?)Refuse(2, "--storage", file)["message"], StringComparison.Ordinal);
        Assert.Contains("is not writable", (string?)Refuse(2, "--storage", file + "/below")["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void Storage_that_JavaScript_has_open_is_locked_and_damaged_storage_is_corrupt()
    {
        (NodePeer node, _) = _market.Start("new");
        node.CloseInput();
        Assert.Equal(0, node.WaitForExit());
        string storage = _market.StorageOf("new");
        using (NodePeer script = NodePeer.Start("core-folder.js"))
        {
            script.WriteLine(JsonSerializer.Serialize(new { op = "open", folder = storage }));
            script.ReadEvent("done");
            Assert.Equal("STORAGE_LOCKED", (string?)Refuse(3)["code"]);
        }

        string oplog = Path.Combine(storage, "oplog");
        byte[] damaged = File.ReadAllBytes(oplog);
        Array.Fill(damaged, (byte)0xaa, 0, 8192);
        File.WriteAllBytes(oplog, damaged);
        Assert.Equal("STORAGE_CORRUPT", (string?)Refuse(6)["code"]);
        Assert.Equal(damaged, File.ReadAllBytes(oplog));
    }

    private JsonObject Refuse(int code, params string[] more)
    {
        NodePeer node = Start(more);
        JsonObject error = node.ReadJson()["error"]!.AsObject();
        Assert.Equal(code, node.WaitForExit());
        Assert.DoesNotContain("   at ", node.Diagnostics, StringComparison.Ordinal);
        return error;
    }

    private NodePeer Start(params string[] more)
    {
        Dictionary<string, string> options = new()
        {
            ["--name"] = "new",
            ["--storage"] = _market.StorageOf("new"),
            ["--bootstrap"] = _market.Bootstrap,
            ["--host"] = "127.0.0.1",
        };
        for (int i = 0; i < more.Length; i += 2)
            options[more[i]] = more[i + 1];
        return _market.Keep(AuctionCommand.Start(["node", .. options.SelectMany(option => new[] { option.Key, option.Value }), "--json"]));
    }
}
