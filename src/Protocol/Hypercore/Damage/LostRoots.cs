using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>A stored tree whose roots the disk has lost, and what was stored beside them: against that they are checked when they come.</summary>
/// <param name="Damage">Where the first of them should be.</param>
/// <param name="Fork">Of the tree.</param>
/// <param name="Length">Its blocks.</param>
/// <param name="Hash">Of its roots; null when the header is older than the tree.</param>
/// <param name="Signature">Over that hash.</param>
internal sealed record LostRoots(CoreStorageException Damage, long Fork, long Length, Bytes32? Hash, ReadOnlyMemory<byte> Signature)
{
    internal string Reason => $"the roots of the {Length} blocks that are stored must come from a peer or a repair: {Damage.Message}";

    internal MerkleTree With(IEnumerable<MerkleNode> roots) => new(Fork, Length, [.. roots], Signature);

    /// <summary>Whether these are the roots that were stored and no others.</summary>
    internal bool Fits(MerkleTree tree, TreeVerifier? verifier)
        => (Hash is null || Hash == tree.Hash)
            && (verifier?.Verify(new MerkleBatch(tree), Signature.Span) ?? Hash is not null);
}
