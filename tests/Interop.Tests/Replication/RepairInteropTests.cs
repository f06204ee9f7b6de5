using System.Text;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>A damaged folder of ours, with a JavaScript peer that has the core.</summary>
public sealed class RepairInteropTests : IDisposable
{
    private static readonly HypercoreOptions s_storage = new() { CheckpointEvery = 1 };

    private TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task A_damaged_copy_is_repaired_from_JavaScript(int version)
    {
        string[] arguments = ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", "source", "--blocks", "100", "--manifest"];
        using NodePeer source = NodePeer.Start("replicate.js", arguments);
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        CoreClient core = Open(key);
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.Length == 100);
        foreach (int block in (int[])[0, 20, 40])
            await core.GetAsync(block, wait: true);
        await core.CloseAsync();
        using (IFileFolder folder = _ours.Files.OpenFolder(TcpSwarm.FolderOf(key), FolderAccess.Write))
        {
            FileChange[] changes = [.. ((int[])[7, 15]).Select(node => new Hyper.Actors.Runtime.FileWrite("tree", (40 * node) + 20, new byte[] { 1, 2, 3 }))];
            folder.Submit(new FileBatch(changes, Flush: true), _ => { });
        }

        (MemoryFileStore files, int port) = (_ours.Files, _ours.Port);
        _ours.Dispose();
        source.ReadEvent("closed");
        _ours = new TcpSwarm(files, port);
        source.WriteLine("connect");
        core = Open(key);
        _ours.Accept();
        RepairReport report = await core.RepairAsync();
        CoreDamage damage = Assert.Single(report.Damage);
        Assert.Equal((CoreFile.Tree, 600), (damage.File, damage.Offset));
        Assert.Single(report.Wanted);
        Assert.Equal("block-40", Encoding.UTF8.GetString((await core.GetAsync(40))!.Value.Span));
        await core.AwaitNodesAsync();
        Assert.Null(await core.AuditAsync());
        Assert.Equal("block-20", Encoding.UTF8.GetString((await core.GetAsync(20))!.Value.Span));
    }

    public void Dispose() => _ours.Dispose();

    private CoreClient Open(CoreKey key) => _ours.Open(CoreIdentity.ForReader(key), isSparse: true, storage: s_storage);
}
