using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

/// <summary>Proofs for those who are not connected.</summary>
public sealed class RemoteProofTests
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)6, 32)]));

    private readonly MemoryCoreFiles _files = new();
    private readonly HypercoreMachine _writer;

    public RemoteProofTests()
    {
        _writer = HypercoreMachine.Create(_files, CoreIdentity.ForWriter(s_keyPair), new HypercoreOptions());
        _writer.Append([.. Enumerable.Range(0, 13).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"block-{i}"))]);
        _files.Run(_writer);
    }

    [Fact]
    public void Whoever_has_the_key_alone_learns_from_the_bytes_what_was_signed()
    {
        HypercoreMachine reader = Create(CoreIdentity.ForReader(_writer.Key));
        foreach ((long? length, long? block) in ((long?, long?)[])[(null, null), (null, 4), (5, 4), (8, null)])
        {
            byte[] bytes = RemoteProof.Of(_writer, length, block)!.Encode();
            Assert.True(RemoteProof.TryDecode(bytes, out RemoteProof? proof));
            Assert.Equal(_writer.DiscoveryKey, proof.Key);
            Assert.Equal(new RemoteTree(0, 13, IsNewer: true), reader.CheckRemote(proof.Proof));
            Assert.Equal(new RemoteTree(0, 13, IsNewer: false), _writer.CheckRemote(proof.Proof));
            Assert.Equal(block is null ? null : "block-4", proof.Proof.Block is { } shown ? Encoding.UTF8.GetString(shown.Value.Span) : null);
        }

        Assert.Null(RemoteProof.Of(_writer, 4, block: 4));
        Assert.Null(RemoteProof.Of(_writer, 14));
        Assert.Null(RemoteProof.Of(reader));
        Assert.Equal(0, reader.Accepted.Length);
    }

    [Fact]
    public void No_byte_of_a_proof_can_be_changed_and_none_of_another_core_is_taken()
    {
        HypercoreMachine reader = Create(CoreIdentity.ForReader(_writer.Key));
        byte[] bytes = RemoteProof.Of(_writer, 8, block: 4)!.Encode();
        for (int at = 0; at < bytes.Length; at++)
        {
            Assert.False(RemoteProof.TryDecode(bytes.AsMemory(0, at), out RemoteProof? cut) && reader.CheckRemote(cut.Proof) is not null);
            byte[] changed = [.. bytes];
            changed[at] ^= 0x10;
            if (!RemoteProof.TryDecode(changed, out RemoteProof? proof) || reader.CheckRemote(proof.Proof) is not { } tree)
                continue;
            // The key in front, the number of the request and where the writer's own upgrade is cut are told, not signed.
            Assert.Equal((0, 13), (tree.Fork, tree.Length));
            Assert.True(proof.Key != _writer.DiscoveryKey || Encoding.UTF8.GetString(proof.Proof.Block!.Value.Span) == "block-4");
        }

        HypercoreMachine other = Create(CoreIdentity.ForReader(new CoreKey(Bytes32.Zero)));
        Assert.Null(other.CheckRemote(RemoteProof.Of(_writer)!.Proof));
    }

    private static HypercoreMachine Create(CoreIdentity identity)
        => HypercoreMachine.Create(new MemoryCoreFiles(), identity, new HypercoreOptions());
}
