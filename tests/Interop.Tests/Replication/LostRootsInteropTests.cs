using System.Text;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.FlatTree;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Cores that have lost roots of their tree, with a peer of the other side that has these.</summary>
public sealed class LostRootsInteropTests : IDisposable
{
    private static readonly HypercoreOptions s_storage = new() { CheckpointEvery = 1, OpensDamaged = true };
    private static readonly CoreIdentity s_writer = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)9, 32)])));

    private TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_copy_gets_its_lost_roots_from_JavaScript_that_has_grown_meanwhile(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "100", "--manifest");
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key), isSparse: true, storage: s_storage);
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.Length == 100);
        await core.GetAsync(40, wait: true);
        await core.CloseAsync();
        LoseRoots(key);
        source.ReadEvent("closed");
        source.WriteLine("append late,later");
        source.ReadEvent("done");

        core = _ours.Open(CoreIdentity.ForReader(key), isSparse: true, storage: s_storage);
        CoreInfo lost = await core.GetInfoAsync();
        Assert.Equal((0, 100), (lost.Length, lost.LostLength));
        RepairReport report = await core.RepairAsync();
        Assert.Equal((100, 1), (report.LostLength, report.Damage.Count));
        Task<ReadOnlyMemory<byte>?> read = core.GetAsync(40, wait: true);
        Task complete = core.AwaitNodesAsync();
        source.WriteLine("connect");
        _ours.Accept();
        Assert.Equal("block-40", Encoding.UTF8.GetString((await read)!.Value.Span));
        await complete;
        Assert.Equal("later", Encoding.UTF8.GetString((await core.GetAsync(101, wait: true))!.Value.Span));
        Assert.Null(await core.AuditAsync());
        Assert.Null((await core.GetInfoAsync()).LostLength);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_writer_gets_its_lost_roots_from_a_JavaScript_reader_and_goes_on(int version)
    {
        CoreClient core = _ours.Open(s_writer, isFollowed: false, storage: s_storage);
        await core.AppendAsync([.. Enumerable.Range(0, 100).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"block-{i}"))]);
        using NodePeer reader = Start(version, "reader", "--key", s_writer.Key.ToHex());
        _ours.Accept();
        reader.ReadJson(line => (string?)line["event"] == "downloaded" && (int?)line["length"] == 100);
        await core.CloseAsync();
        LoseRoots(s_writer.Key);
        reader.ReadEvent("closed");

        core = _ours.Open(s_writer, isFollowed: false, storage: s_storage);
        CoreFailedException refused = await Assert.ThrowsAsync<CoreFailedException>(() => core.AppendAsync(new byte[] { 1 }));
        Assert.Equal(CoreProblem.Corrupt, refused.Problem);
        reader.WriteLine("connect");
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.Length == 100);
        Assert.Equal(100, await core.AppendAsync("block-100"u8.ToArray()));
        reader.ReadJson(line => (string?)line["event"] == "downloaded" && (int?)line["length"] == 101);
        Assert.Null(await core.AuditAsync());
    }

    [Fact]
    public async Task JavaScript_in_its_repair_mode_gets_the_roots_from_us()
    {
        using NodePeer peer = NodePeer.Start("repair.js", "--port", $"{_ours.Port}", "--blocks", "30");
        var made = peer.ReadEvent("core");
        Assert.True(CoreKey.TryParse((string?)made["key"], out CoreKey key));
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 30);
        peer.WriteLine("lose");
        var lost = peer.ReadEvent("lost");
        Assert.Equal((true, 30, false), ((bool)lost["repairing"]!, (int)lost["length"]!, (bool)lost["stored"]!));
        _ours.Accept();
        var repaired = peer.ReadEvent("repaired");
        Assert.True((bool)repaired["stored"]!);
        Assert.Equal((string?)made["treeHash"], (string?)repaired["treeHash"]);
    }

    public void Dispose() => _ours.Dispose();

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, .. more]);

    /// <summary>Writes over two of the three roots of 100 blocks, and goes on with the files in another swarm.</summary>
    private void LoseRoots(CoreKey key)
    {
        long[] roots = [.. FlatTreeIndex.Roots(100)];
        using (IFileFolder folder = _ours.Files.OpenFolder(TcpSwarm.FolderOf(key), FolderAccess.Write))
        {
            FileChange[] changes = [.. new[] { roots[0], roots[2] }.Select(root => new FileWrite("tree", 40 * root, new byte[40]))];
            folder.Submit(new FileBatch(changes, Flush: true), _ => { });
        }

        (MemoryFileStore files, int port) = (_ours.Files, _ours.Port);
        _ours.Dispose();
        _ours = new TcpSwarm(files, port);
    }
}
