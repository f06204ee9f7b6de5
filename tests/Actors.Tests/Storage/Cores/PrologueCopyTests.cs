using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class PrologueCopyTests() : RuntimeKit("prologues")
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly KeyPair s_writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)3, 32)]));

    private readonly MemoryFileStore _files = new();

    [Fact]
    public async Task A_prologue_is_copied_from_a_core_that_begins_with_it_and_from_no_other()
    {
        CoreClient source = Open("source", CoreIdentity.ForWriter(s_writer)), other = Open("other", CoreIdentity.ForWriter(s_writer));
        for (byte i = 0; i < 5; i++)
            await source.AppendAsync(new byte[] { i, i });
        Prologue prologue = new((await source.GetInfoAsync()).Tree.Hash, 5);
        await source.AppendAsync(new byte[] { 9 });
        await source.ClearAsync(2, 3);
        await other.AppendAsync([.. Enumerable.Range(0, 6).Select(i => (ReadOnlyMemory<byte>)new byte[] { 7, (byte)i })]);
        Manifest manifest = Manifest.ForSigner(s_writer.PublicKey) with { Prologue = prologue };
        CoreClient target = Open("target", CoreIdentity.ForManifest(manifest, s_writer));

        await Assert.ThrowsAsync<CoreFailedException>(() => PrologueCopy.RunAsync(other, target));
        Assert.Equal(0, (await target.GetInfoAsync()).Length);
        await PrologueCopy.RunAsync(source, target);
        CoreInfo info = await target.GetInfoAsync();
        Assert.Equal((5, prologue.Hash), (info.Length, info.Tree.Hash));
        Assert.Equal([4, 4], (await target.GetAsync(4))!.Value.ToArray());
        Assert.Null(await target.GetAsync(2));
        Assert.Equal(5, await target.AppendAsync(new byte[] { 1 }));
        Assert.Null(await target.AuditAsync());
    }

    private CoreClient Open(string folder, CoreIdentity identity)
    {
        CoreOptions options = new() { Folder = folder, Identity = identity };
        return new CoreClient(Sys.ActorOf(CoreActor.Props(Runtime.Peer("prologues", _files), options), folder), s_timeout);
    }
}
