using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Cores exchanged with Hypercore 10 and 11 over plain TCP, either side being the writer.</summary>
public sealed class ReplicationInteropTests
{
    private static readonly KeyPair Writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)9, 32)]));

    [Theory]
    [InlineData(10, true, true)]
    [InlineData(10, false, false)]
    [InlineData(11, true, false)]
    [InlineData(11, false, true)]
    public void JavaScript_downloads_our_core_and_follows_it(int version, bool compat, bool weInitiate)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(Writer, compat);
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, version, "reader", weInitiate, "--key", identity.Key.ToHex());
        string[] blocks = [.. Enumerable.Range(0, 400).Select(index => $"ours-{index}")];
        using TcpReplicator ours = new(listener, identity, weInitiate, blocks);
        AssertDownloaded(node, ours, blocks);
        ours.Append("late");
        AssertDownloaded(node, ours, [.. blocks, "late"]);
        Assert.Null(ours.Ended);
    }

    [Theory]
    [InlineData(10, true, true)]
    [InlineData(10, false, false)]
    [InlineData(11, true, false)]
    [InlineData(11, false, true)]
    public void We_download_a_core_of_JavaScript_and_follow_it(int version, bool compat, bool weInitiate)
    {
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, version, "source", weInitiate, "--blocks", "400", compat ? "--compat" : "--manifest");
        Assert.True(CoreKey.TryParse((string?)node.ReadEvent("core")["key"], out CoreKey key));
        using TcpReplicator ours = new(listener, CoreIdentity.ForReader(key), weInitiate);
        ours.PumpUntil(() => ours.Core.ContiguousLength == 400);
        Assert.True(ours.Core.TryRead(399, out ReadOnlyMemory<byte> block));
        Assert.Equal("block-399", Encoding.UTF8.GetString(block.Span));
        Assert.Equal(compat, ours.Core.Compat);
        for (int i = 0; i < 10; i++)
            node.WriteLine($"append late-{i}");
        ours.PumpUntil(() => ours.Core.ContiguousLength == 410);
        JsonObject done = node.ReadJson(json => (string?)json["event"] == "done" && (int?)json["length"] == 410);
        Assert.Equal((string?)done["treeHash"], ours.Core.Tree.Hash.ToHex());
        Assert.Null(ours.Ended);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void JavaScript_gets_single_blocks(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(Writer);
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, version, "reader", weInitiate: true, "--key", identity.Key.ToHex(), "--sparse", "7,2,90");
        using TcpReplicator ours = new(listener, identity, true, [.. Enumerable.Range(0, 100).Select(index => $"ours-{index}")]);
        foreach (int index in new[] { 7, 2, 90 })
        {
            JsonObject block = Pumped(node, ours, json => (string?)json["event"] == "block");
            Assert.Equal(($"ours-{index}", index), ((string?)block["value"], (int?)block["index"]));
        }
    }

    [Fact]
    public void A_writer_of_version_11_hears_that_we_hold_all_of_its_core()
    {
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, 11, "source", weInitiate: true, "--blocks", "40", "--manifest");
        Assert.True(CoreKey.TryParse((string?)node.ReadEvent("core")["key"], out CoreKey key));
        using TcpReplicator ours = new(listener, CoreIdentity.ForReader(key), true);
        Pumped(node, ours, json => (string?)json["event"] == "held" && (int?)json["length"] == 40);
        node.WriteLine("append late");
        Pumped(node, ours, json => (string?)json["event"] == "held" && (int?)json["length"] == 41);
        Assert.Equal(41, ours.Core.ContiguousLength);
    }

    [Fact]
    public void JavaScript_takes_the_blocks_that_we_push()
    {
        CoreIdentity identity = CoreIdentity.ForWriter(Writer);
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, 11, "reader", weInitiate: true, "--key", identity.Key.ToHex(), "--push-only");
        string[] blocks = [.. Enumerable.Range(0, 5).Select(index => $"ours-{index}")];
        using TcpReplicator ours = new(listener, identity, true, blocks[..3]);
        ours.Append(blocks[3..]);
        JsonObject downloaded = Pumped(node, ours, json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 5, () =>
        {
            foreach (long block in new long[] { 4, 3, 0, 1, 2 })
                ours.Push(block);
        });
        Assert.Equal((5, ours.Core.Tree.Hash.ToHex()), ((int?)downloaded["length"], (string?)downloaded["treeHash"]));
        Assert.Null(ours.Ended);
    }

    [Fact]
    public void We_take_the_blocks_that_JavaScript_pushes()
    {
        using TcpListener listener = TcpReplicator.Listen();
        using NodePeer node = Start(listener, 11, "source", weInitiate: true, "--blocks", "9", "--manifest");
        Assert.True(CoreKey.TryParse((string?)node.ReadEvent("core")["key"], out CoreKey key));
        using TcpReplicator ours = new(listener, CoreIdentity.ForReader(key), true) { IsPushOnly = true };
        node.WriteLine("push 8,2,5");
        ours.PumpUntil(() => ours.Core.Has(8) && ours.Core.Has(2) && ours.Core.Has(5));
        node.WriteLine("append late");
        JsonObject done = Pumped(node, ours, json => (string?)json["event"] == "done" && (int?)json["length"] == 10);
        node.WriteLine("push 9,0");
        ours.PumpUntil(() => ours.Core.Has(9) && ours.Core.Has(0));
        Assert.False(ours.Core.Has(1));
        Assert.Equal((string?)done["treeHash"], ours.Core.Tree.Hash.ToHex());
        Assert.Null(ours.Ended);
    }

    private static void AssertDownloaded(NodePeer node, TcpReplicator ours, string[] blocks)
    {
        JsonObject downloaded = Pumped(
            node, ours, json => (string?)json["event"] == "downloaded" && (int?)json["length"] == blocks.Length);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(blocks))));
        Assert.Equal(sha256, (string?)downloaded["sha256"]);
        Assert.Equal(ours.Core.Tree.Hash.ToHex(), (string?)downloaded["treeHash"]);
    }

    private static JsonObject Pumped(NodePeer node, TcpReplicator ours, Func<JsonObject, bool> condition, Action? meanwhile = null)
    {
        Task<JsonObject> reading = Task.Run(() => node.ReadJson(condition, TimeSpan.FromSeconds(60)));
        ours.PumpUntil(() =>
        {
            meanwhile?.Invoke();
            return reading.IsCompleted;
        });
        return reading.GetAwaiter().GetResult();
    }

    private static NodePeer Start(TcpListener listener, int version, string role, bool weInitiate, params string[] more)
    {
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        List<string> arguments = ["--port", $"{port}", "--version", $"{version}", "--role", role, .. more];
        if (!weInitiate)
            arguments.Add("--initiator");
        return NodePeer.Start("replicate.js", [.. arguments]);
    }
}
