using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;

namespace AuctionActors.Interop.Tests.Hypercore;

/// <summary>Drafts of ours and batches of Hypercore 10 on one folder.</summary>
public sealed class DraftInteropTests : IDisposable
{
    private static readonly string s_seed = OwnCore.KeyPair.ExportSeed().ToHex();

    private readonly string _root = Directory.CreateTempSubdirectory("drafts-").FullName;
    private readonly FolderPeer _peer = new();
    private readonly OwnCore _own = new();

    [Fact]
    public async Task Drafts_leave_the_files_that_batches_of_JavaScript_leave()
    {
        string theirs = Path.Combine(_root, "theirs"), ours = Path.Combine(_root, "ours");
        _peer.Open(theirs, s_seed);
        _peer.Append(Bytes("one"));
        _peer.Draft(restore: false, pending: false, Bytes("two"), Bytes("three"));
        _peer.Draft(restore: false, pending: true, Bytes("four"), Bytes("five"), Bytes("six"));
        JsonObject end = _peer.Draft(restore: true, pending: false);
        Assert.Equal(6, (int?)end["batchLength"]);
        _peer.Append(Bytes("seven"));
        _peer.Close();

        CoreClient core = _own.Open(ours, create: true, HypercoreOptions.AsUpstream);
        await core.AppendAsync(Text("one"));
        DraftClient draft = await DraftClient.BeginAsync(core);
        await draft.AppendAsync(Text("two"), Text("three"));
        await draft.FlushAsync();
        await draft.AppendAsync(Text("four"), Text("five"), Text("six"));
        await draft.KeepAsync();
        DraftClient restored = await DraftClient.BeginAsync(core, DraftStart.Restored);
        await restored.FlushAsync();
        await core.AppendAsync(Text("seven"));
        await core.CloseAsync();
        foreach (string file in (string[])["oplog", "tree", "bitfield", "data"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(theirs, file)), File.ReadAllBytes(Path.Combine(ours, file)));
    }

    [Fact]
    public async Task What_one_side_stored_unsigned_the_other_restores_and_signs()
    {
        string folder = Path.Combine(_root, "shared");
        _peer.Open(folder, s_seed);
        _peer.Append(Bytes("one"));
        _peer.Draft(restore: false, pending: true, Bytes("two"), Bytes("three"));
        _peer.Close();

        CoreClient core = _own.Open(folder, create: false, HypercoreOptions.AsUpstream);
        Assert.Equal(1, (await core.GetInfoAsync()).Length);
        await Assert.ThrowsAsync<CoreFailedException>(() => core.AppendAsync(Text("x")));
        DraftClient draft = await DraftClient.BeginAsync(core, DraftStart.Restored);
        Assert.Equal(3, (await draft.GetStateAsync()).Length);
        Assert.Equal(3, (await draft.FlushAsync()).Length);
        Assert.Equal("three", Encoding.UTF8.GetString((await core.GetAsync(2))!.Value.Span));
        await draft.AppendAsync(Text("four"), Text("five"));
        await draft.KeepAsync();
        await core.CloseAsync();

        Assert.Equal(3, (int?)_peer.Open(folder)["length"]);
        Assert.Equal(5, (int?)_peer.Draft(restore: true, pending: false)["length"]);
        JsonObject read = _peer.Read();
        Assert.Equal(Convert.ToHexStringLower(Bytes("five")), (string?)read["blocks"]![4]);
        _peer.Close();
        core = _own.Open(folder, create: false);
        Assert.Equal((string?)read["treeHash"], (await core.GetInfoAsync()).Tree.Hash.ToHex());
        Assert.Null(await core.AuditAsync());
    }

    public void Dispose()
    {
        _peer.Dispose();
        _own.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<byte> Text(string text) => Bytes(text);
}
