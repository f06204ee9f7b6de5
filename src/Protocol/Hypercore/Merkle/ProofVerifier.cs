using System.Collections.Frozen;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>What checking the nodes of a proof came to; a signature is checked apart from it.</summary>
public enum ProofVerdict
{
    Valid,

    /// <summary>The nodes do not have the structure that the proof claims.</summary>
    Malformed,

    /// <summary>The nodes contradict a stored node in hash or size.</summary>
    Contradicts,
}

/// <summary>The outcome of checking a proof against a tree.</summary>
/// <param name="Verdict">Whether it may be used.</param>
/// <param name="Batch">The tree it leads to; its signature is not yet checked.</param>
/// <param name="Provisional">Indexes of nodes whose own size no hash commits to, only the sum with their sibling's (reference 4.3).</param>
public sealed record VerifiedProof(ProofVerdict Verdict, MerkleBatch Batch, IReadOnlyCollection<long> Provisional)
{
    /// <summary>Where the signature of an upgrade stands; empty without one.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>The node at which the climb ends, which is stored; null when the climb is part of an upgrade, or there is none.</summary>
    public MerkleNode? Top { get; init; }
}

/// <summary>Recomputes the hashes of a proof up to nodes that are known (reference 3.8).</summary>
public static class ProofVerifier
{
    // Nothing can be added to it.
    private static readonly FrozenSet<long> s_none = FrozenSet<long>.Empty;

    /// <summary>Checks a proof of the tree's own fork.</summary>
    /// <param name="tree">What is known.</param>
    /// <param name="stored">Its nodes.</param>
    /// <param name="proof">Of anybody.</param>
    /// <param name="prologue">The state that the core must begin with.</param>
    /// <param name="leaf">The leaf of the proof's block, when it has been hashed already.</param>
    public static VerifiedProof Verify(MerkleTree tree, IMerkleNodes stored, MerkleProof proof, Prologue? prologue, MerkleNode? leaf = null)
    {
        MerkleBatch batch = new(tree, NodesOf(proof));
        // A proof of a block alone has no nodes whose size no hash commits to.
        ISet<long> provisional = proof is { Block: not null, Seek: null, Upgrade: null } ? s_none : new HashSet<long>();
        ProofVerdict verdict = Verify(tree, stored, proof, prologue, batch, provisional, leaf, out MerkleNode? top);
        return new VerifiedProof(verdict, batch, (IReadOnlyCollection<long>)provisional)
        {
            Signature = proof.Upgrade?.Signature ?? default,
            Top = top,
        };
    }

    private static ProofVerdict Verify(
        MerkleTree tree, IMerkleNodes stored, MerkleProof proof, Prologue? prologue, MerkleBatch batch, ISet<long> provisional, MerkleNode? leaf,
        out MerkleNode? top)
    {
        if (!TryVerifyNodes(proof, batch, provisional, out top, leaf))
            return ProofVerdict.Malformed;
        if (proof.Upgrade is { } upgrade)
        {
            if (!UpgradeVerifier.TryApply(batch, proof.Fork, upgrade, top, prologue, provisional, out bool consumed))
                return ProofVerdict.Malformed;
            if (consumed)
                top = null;
        }

        if (top is not { } reached)
            return ProofVerdict.Valid;
        if (!stored.TryGet(reached.Index, out MerkleNode known))
            return ProofVerdict.Malformed;
        // The size of a node that was sent alone is in no hash of the proof.
        bool isComputed = proof.Block is not null || batch.Nodes[0] != reached;
        bool fits = (known == reached && AgreesWith(stored, batch.Nodes))
            || (isComputed && IsOurDamage(tree, stored, reached, batch, provisional));
        return fits ? ProofVerdict.Valid : ProofVerdict.Contradicts;
    }

    // The climb brings a sibling and a parent for each node that was sent; an upgrade grows what it needs.
    private static int NodesOf(MerkleProof proof)
        => 1 + 2 * ((proof.Block?.Nodes ?? proof.Hash?.Nodes)?.Count ?? 0);

    /// <summary>Checks an upgrade from nothing, as a conflict or another fork is proven.</summary>
    public static VerifiedProof VerifyFromEmpty(MerkleTree tree, MerkleProof proof, Prologue? prologue)
    {
        MerkleBatch batch = MerkleBatch.FromEmpty(tree);
        HashSet<long> provisional = [];
        bool valid = proof.Upgrade is { Start: 0 } upgrade
            && TryVerifyNodes(proof, batch, provisional, out MerkleNode? top)
            && UpgradeVerifier.TryApply(batch, proof.Fork, upgrade, top, prologue, provisional, out bool consumed)
            && (consumed || top is null);
        return new VerifiedProof(valid ? ProofVerdict.Valid : ProofVerdict.Malformed, batch, provisional)
        {
            Signature = proof.Upgrade?.Signature ?? default,
        };
    }

    /// <summary>Climbs the seek part and then the block or hash part; null when there is neither.</summary>
    internal static bool TryVerifyNodes(MerkleProof proof, MerkleBatch batch, ISet<long> provisional, out MerkleNode? top, MerkleNode? leaf = null)
    {
        top = null;
        if (proof.Seek is { Nodes.Count: > 0 } seek)
        {
            NodeQueue queue = new(seek.Nodes, null);
            if (!TryClimb(seek.Nodes[0].Index, null, queue, batch, provisional, out MerkleNode reached))
                return false;
            top = reached;
        }

        (long index, IReadOnlyList<MerkleNode>? nodes) = proof switch
        {
            { Block: { } block } => (2 * block.Index, block.Nodes),
            { Hash: { } hash } => (hash.Index, hash.Nodes),
            _ => (0, null),
        };
        if (nodes is null)
            return true;
        if (index is < 0 or >= FlatTreeIndex.MaxIndex)
            return false;
        if (proof.Block is { } value)
            leaf ??= MerkleHash.Leaf(value.Index, value.Value.Span);
        if (!TryClimb(index, leaf, new NodeQueue(nodes, top), batch, provisional, out MerkleNode root))
            return false;
        top = root;
        return true;
    }

    private static bool TryClimb(
        long index, MerkleNode? computed, NodeQueue queue, MerkleBatch batch, ISet<long> provisional, out MerkleNode reached)
    {
        reached = computed ?? default;
        if (computed is null && !queue.TryTake(index, out reached))
            return false;
        batch.AddNode(reached);
        for (bool first = computed is null; !queue.IsEmpty; first = false)
        {
            if (!queue.TryTake(FlatTreeIndex.Sibling(reached.Index), out MerkleNode sibling)
                || sibling.ByteLength > MerkleBatch.MaxByteLength - reached.ByteLength)
                return false;
            if (first)
                provisional.UnionWith([reached.Index, sibling.Index]);
            batch.AddNode(sibling);
            reached = MerkleHash.Parent(reached, sibling);
            batch.AddNode(reached);
        }

        return true;
    }

    /// <summary>No node of the proof may differ from one that is stored already, in hash or in size.</summary>
    private static bool AgreesWith(IMerkleNodes stored, IReadOnlyList<MerkleNode> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            if (stored.TryGet(nodes[i].Index, out MerkleNode known) && known != nodes[i])
                return false;
        }

        return true;
    }

    /// <summary>
    /// Below a node that hashes up to a signed root the proof is true, and what is stored there must be what the disk made of it.
    /// Sizes that no hash commits to prove nothing: where only these differ, and ours fit, the peer has shifted them.
    /// </summary>
    private static bool IsOurDamage(MerkleTree tree, IMerkleNodes stored, MerkleNode reached, MerkleBatch batch, ISet<long> provisional)
        => LeadsToRoot(tree, stored, reached)
            && batch.Nodes.Any(node => stored.TryGet(node.Index, out MerkleNode known) && known != node
                && (!provisional.Contains(node.Index) || !IsPairOf(stored, known, batch)));

    private static bool LeadsToRoot(MerkleTree tree, IMerkleNodes stored, MerkleNode at)
    {
        while (!tree.Roots.Contains(at))
        {
            if (at.Index >= 2 * tree.Length || !stored.TryGet(FlatTreeIndex.Sibling(at.Index), out MerkleNode sibling))
                return false;

            // Of a sibling the hash alone is needed: with the size above, its own follows.
            if (stored.TryGet(FlatTreeIndex.Parent(at.Index), out MerkleNode above) && above.ByteLength >= at.ByteLength)
                sibling = sibling with { ByteLength = above.ByteLength - at.ByteLength };
            at = MerkleHash.Parent(at, sibling);
        }

        return true;
    }

    /// <summary>Whether a stored node and its sibling hash to the parent that the proof has for them.</summary>
    private static bool IsPairOf(IMerkleNodes stored, MerkleNode known, MerkleBatch batch)
        => stored.TryGet(FlatTreeIndex.Sibling(known.Index), out MerkleNode sibling) && batch.Nodes.Contains(MerkleHash.Parent(known, sibling));
}
