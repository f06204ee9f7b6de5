using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>What a core of ours knows of a JavaScript peer: whether it has something newer, and what has passed with it.</summary>
public sealed class CorePeerInteropTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Both_sides_count_the_same_messages(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "200", "--manifest");
        CoreClient core = _ours.Open(CoreIdentity.ForReader(KeyOf(source)));
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 200);
        source.WriteLine("append a,b");
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 202);
        ReplicationStatistics counted = await CompareAsync(source, core);
        Assert.Equal((202, 0), (counted.Blocks.Received, counted.Blocks.Sent));
        Assert.Equal((0, 0, 0), (counted.InvalidData, counted.InvalidRequests, counted.Timeouts));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task An_update_waits_for_the_first_peer_and_is_told_when_it_has_nothing_newer(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "100", "--manifest");
        CoreClient core = _ours.Open(CoreIdentity.ForReader(KeyOf(source)), isSparse: true);
        Assert.False(await core.UpdateAsync(wait: true));
        using (core.FindPeers())
        {
            Task<bool> first = core.UpdateAsync();
            await core.GetInfoAsync();
            Assert.False(first.IsCompleted);
            _ours.Accept();
            Assert.True(await first.WaitAsync(s_patience));
        }

        Assert.Equal(100, (await core.GetInfoAsync()).Length);
        Assert.False(await core.UpdateAsync());
        Assert.False(await core.UpdateAsync(wait: true).WaitAsync(s_patience));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_is_told_whether_we_have_something_newer(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)12, 32)])));
        CoreClient core = _ours.Open(identity, isFollowed: false);
        await core.AppendAsync(new byte[] { 1 }, new byte[] { 2 });
        using NodePeer reader = Start(version, "reader", "--key", identity.Key.ToHex(), "--updates");
        reader.WriteLine("update");
        _ours.Accept();
        JsonObject updated = reader.ReadEvent("updated");
        Assert.Equal((true, 2), ((bool?)updated["newer"], (int?)updated["length"]));
        reader.WriteLine("update");
        updated = reader.ReadEvent("updated");
        Assert.Equal((false, 2), ((bool?)updated["newer"], (int?)updated["length"]));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_byte_behind_the_end_is_found_when_JavaScript_brings_it(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "100", "--manifest");
        CoreClient core = _ours.Open(CoreIdentity.ForReader(KeyOf(source)), isSparse: true);
        Task<(long Block, long Offset)> first = core.SeekAsync((10 * 7) + (40 * 8) + 3);
        Task<(long Block, long Offset)> later = core.SeekAsync((10 * 7) + (90 * 8) + 4);
        _ours.Accept();
        Assert.Equal((50, 3), await first);
        Assert.False(later.IsCompleted);
        source.WriteLine("append abc,defg");
        Assert.Equal((101, 1), await later);
        ReplicationStatistics passed = (await core.GetPeersAsync()).Total;
        Assert.Equal((0, 0), (passed.InvalidData, passed.NoData.Received));
        Assert.InRange(passed.Blocks.Received, 1, 2);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_finds_a_byte_that_we_append_later(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)13, 32)])));
        CoreClient core = _ours.Open(identity, isFollowed: false);
        await core.AppendAsync([.. Enumerable.Range(0, 20).Select(i => (ReadOnlyMemory<byte>)new byte[] { 1, 2, (byte)i })]);
        using NodePeer reader = Start(version, "reader", "--key", identity.Key.ToHex(), "--updates");
        reader.WriteLine("seek 31");
        _ours.Accept();
        JsonObject sought = reader.ReadEvent("sought");
        Assert.Equal((10, 1), ((int?)sought["block"], (int?)sought["offset"]));
        reader.WriteLine("seek 62");
        await core.AppendAsync(new byte[] { 1, 2, 3, 4 });
        sought = reader.ReadEvent("sought");
        Assert.Equal((20, 2), ((int?)sought["block"], (int?)sought["offset"]));
        Assert.Equal(0, (await core.GetPeersAsync()).Total.InvalidRequests);
    }

    public void Dispose() => _ours.Dispose();

    // What is on its way is counted on one side only.
    private static async Task<ReplicationStatistics> CompareAsync(NodePeer source, CoreClient core)
    {
        for (int look = 0; ; look++)
        {
            source.WriteLine("stats");
            JsonObject theirs = source.ReadEvent("stats")["peer"]!.AsObject();
            CorePeerProtocol.Peers peers = await core.GetPeersAsync();
            ReplicationStatistics ours = Assert.Single(peers.Present).Statistics;
            Assert.Equal(peers.Total, ours);
            (string Name, MessageCount Count)[] all =
            [
                ("wireSync", ours.Sync), ("wireRequest", ours.Requests), ("wireCancel", ours.Cancels), ("wireData", ours.Data),
                ("wireWant", ours.Wants), ("wireBitfield", ours.Bitfields), ("wireRange", ours.Ranges), ("wireExtension", ours.Extensions),
            ];
            string expected = string.Join(' ', all.Select(one => $"{one.Name} {(long)theirs[one.Name]!["rx"]!} {(long)theirs[one.Name]!["tx"]!}"));
            string actual = string.Join(' ', all.Select(one => $"{one.Name} {one.Count.Sent} {one.Count.Received}"));
            if (expected == actual)
                return ours;
            Assert.True(look < 100, $"JavaScript counts {expected}, we count {actual}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static CoreKey KeyOf(NodePeer source)
    {
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        return key;
    }

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, .. more]);
}
