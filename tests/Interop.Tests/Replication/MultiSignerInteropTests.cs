using System.Text;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>A core that two of three signers must sign, read by JavaScript.</summary>
public sealed class MultiSignerInteropTests : IDisposable
{
    private static readonly KeyPair[] s_signers
        = [.. Enumerable.Range(1, 3).Select(i => KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)i, 32)])))];

    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_accepts_what_two_of_three_signed(int version)
    {
        Manifest manifest = new()
        {
            Quorum = 2,
            Signers = [.. s_signers.Select(pair => new ManifestSigner(CoreNamespace.DefaultSigner, pair.PublicKey))],
        };
        CoreIdentity identity = CoreIdentity.ForManifest(manifest);
        CoreClient core = _ours.Open(identity);
        MerkleBatch batch = new(MerkleTree.Empty);
        for (int length = 0; length < 20; length += 10)
        {
            ReadOnlyMemory<byte>[] blocks
                = [.. Enumerable.Range(length, 10).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"signed-{i}"))];
            foreach (ReadOnlyMemory<byte> block in blocks)
                batch.Append(block.Span);
            CoreProtocol.Append append = new(1, blocks) { Signature = Sign(identity.Key, manifest, batch, 2, 1) };
            Assert.IsType<CoreProtocol.Done>(await core.Core.Ask<object>(append, TimeSpan.FromSeconds(20)));
        }

        using NodePeer reader = NodePeer.Start(
            "replicate.js", "--port", $"{_ours.Port}", "--version", $"{version}", "--role", "reader", "--key", identity.Key.ToHex());
        _ours.Accept();
        string hash = (await core.GetInfoAsync()).Tree.Hash.ToHex();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (string?)json["treeHash"] == hash);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_reads_a_core_that_begins_with_a_prologue(int version)
    {
        ReadOnlyMemory<byte>[] blocks = [.. Enumerable.Range(0, 9).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"block-{i}"))];
        MerkleBatch batch = new(MerkleTree.Empty);
        batch.Append(blocks[..5]);
        Manifest manifest = Manifest.ForSigner(s_signers[0].PublicKey) with { Prologue = new Prologue(batch.TreeHash, 5) };
        CoreIdentity identity = CoreIdentity.ForManifest(manifest, s_signers[0]);
        CoreClient core = _ours.Open(identity);
        await core.AppendAsync(blocks[..5]);
        using NodePeer reader = NodePeer.Start(
            "replicate.js", "--port", $"{_ours.Port}", "--version", $"{version}", "--role", "reader", "--key", identity.Key.ToHex());
        _ours.Accept();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 5);
        await core.AppendAsync(blocks[5..]);
        string hash = (await core.GetInfoAsync()).Tree.Hash.ToHex();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (string?)json["treeHash"] == hash);
    }

    public void Dispose() => _ours.Dispose();

    private static byte[] Sign(CoreKey key, Manifest manifest, MerkleBatch batch, params int[] signers)
    {
        TreeVerifier verifier = new(key, manifest);
        return new MultiSignature(
            [.. signers.Select(i => new SignerProof(i, Ed25519.Sign(s_signers[i], verifier.Signable(manifest.Signers[i], batch)), 0))],
            []).Encode();
    }
}
