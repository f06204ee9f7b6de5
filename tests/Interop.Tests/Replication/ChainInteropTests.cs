using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>A core that passes from one version of JavaScript through our actors to the other.</summary>
public sealed class ChainInteropTests : IDisposable
{
    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    public async Task A_core_passes_from_one_version_through_us_to_the_other(int from, int to)
    {
        using NodePeer source = Start(from, "source", "--blocks", "200", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        _ours.Accept();
        using NodePeer reader = Start(to, "reader", "--key", key.ToHex());
        _ours.Accept();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 200);
        source.WriteLine("append late");
        JsonObject done = source.ReadEvent("done");
        JsonObject late = reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 201);
        Assert.Equal((string?)done["treeHash"], (string?)late["treeHash"]);
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 201);
        Assert.Equal((string?)done["treeHash"], info.Tree.Hash.ToHex());
    }

    public void Dispose() => _ours.Dispose();

    private static CoreKey KeyOf(NodePeer source)
    {
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        return key;
    }

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, .. more]);
}
