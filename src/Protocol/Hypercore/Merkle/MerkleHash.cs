using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The three hashes of the tree: leaves, parents, and the list of roots (reference 1.4).</summary>
public static class MerkleHash
{
    private const int RootSize = 48;
    private const int LeafPrefixSize = 9;
    private const int ParentSize = 9 + 2 * Bytes32.Size;

    /// <summary>The leaf of a block.</summary>
    public static MerkleNode Leaf(long blockIndex, ReadOnlySpan<byte> block)
    {
        Span<byte> prefix = stackalloc byte[LeafPrefixSize];
        WriteLeafPrefix(prefix, block.Length);
        return new MerkleNode(2 * blockIndex, block.Length, Blake2b.Hash256(prefix, block));
    }

    /// <summary>The parent of two siblings, given in either order.</summary>
    public static MerkleNode Parent(MerkleNode one, MerkleNode other)
    {
        (MerkleNode left, MerkleNode right) = one.Index < other.Index ? (one, other) : (other, one);
        Span<byte> preimage = stackalloc byte[ParentSize];
        WriteParent(preimage, left, right);
        return new MerkleNode(FlatTreeIndex.Parent(left.Index), left.ByteLength + right.ByteLength, Blake2b.Hash256(preimage));
    }

    /// <summary>The leaves of consecutive blocks.</summary>
    public static MerkleNode[] Leaves(long firstBlock, IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        MerkleNode[] leaves = new MerkleNode[blocks.Count];
        ReadOnlyMemory<byte>[] inputs = blocks as ReadOnlyMemory<byte>[] ?? [.. blocks];
        byte[] prefixes = new byte[LeafPrefixSize * leaves.Length];
        Bytes32[] hashes = new Bytes32[leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
            WriteLeafPrefix(prefixes.AsSpan(LeafPrefixSize * i), inputs[i].Length);
        Blake2bBatch.Hash256(prefixes, inputs, hashes);
        for (int i = 0; i < leaves.Length; i++)
            leaves[i] = new MerkleNode(2 * (firstBlock + i), inputs[i].Length, hashes[i]);
        return leaves;
    }

    /// <summary>The leaf of each proof's block, hashed together; null for proofs without one.</summary>
    public static MerkleNode?[] LeavesOf(IReadOnlyList<MerkleProof?> proofs)
    {
        MerkleNode?[] leaves = new MerkleNode?[proofs.Count];
        BlockProof[] blocks = [.. proofs.Select(proof => proof?.Block).OfType<BlockProof>()];
        MerkleNode[] hashed = Leaves(0, [.. blocks.Select(block => block.Value)]);
        for (int i = 0, next = 0; i < leaves.Length; i++)
        {
            if (proofs[i]?.Block is { } block)
                leaves[i] = hashed[next++] with { Index = 2 * block.Index };
        }

        return leaves;
    }

    /// <summary>The parents of pairs of siblings that follow each other, left before right.</summary>
    public static MerkleNode[] Parents(ReadOnlySpan<MerkleNode> children)
    {
        MerkleNode[] parents = new MerkleNode[children.Length / 2];
        byte[] preimages = new byte[ParentSize * parents.Length];
        Bytes32[] hashes = new Bytes32[parents.Length];
        for (int i = 0; i < parents.Length; i++)
            WriteParent(preimages.AsSpan(ParentSize * i), children[2 * i], children[2 * i + 1]);
        Blake2bBatch.Hash256(preimages, new ReadOnlyMemory<byte>[parents.Length], hashes);
        for (int i = 0; i < parents.Length; i++)
        {
            MerkleNode left = children[2 * i];
            parents[i] = new MerkleNode(FlatTreeIndex.Parent(left.Index), left.ByteLength + children[2 * i + 1].ByteLength, hashes[i]);
        }

        return parents;
    }

    /// <summary>The hash of a whole tree, from its roots left to right.</summary>
    public static Bytes32 Tree(IReadOnlyList<MerkleNode> roots)
    {
        Span<byte> preimage = roots.Count <= 64 ? stackalloc byte[1 + roots.Count * RootSize] : new byte[1 + roots.Count * RootSize];
        preimage[0] = 2;
        Span<byte> rest = preimage[1..];
        for (int i = 0; i < roots.Count; i++, rest = rest[RootSize..])
        {
            roots[i].Hash.CopyTo(rest);
            BinaryPrimitives.WriteInt64LittleEndian(rest[32..], roots[i].Index);
            BinaryPrimitives.WriteInt64LittleEndian(rest[40..], roots[i].ByteLength);
        }

        return Blake2b.Hash256(preimage);
    }

    private static void WriteLeafPrefix(Span<byte> prefix, long size)
    {
        prefix[0] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(prefix[1..], size);
    }

    private static void WriteParent(Span<byte> preimage, in MerkleNode left, in MerkleNode right)
    {
        preimage[0] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(preimage[1..], left.ByteLength + right.ByteLength);
        left.Hash.CopyTo(preimage[9..]);
        right.Hash.CopyTo(preimage[(9 + Bytes32.Size)..]);
    }
}
