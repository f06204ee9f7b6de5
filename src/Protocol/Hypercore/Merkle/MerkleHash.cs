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

    // What is hashed at a time needs no memory but the stack's.
    private const int HashedTogether = 32;
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
        Leaves(firstBlock, blocks as ReadOnlyMemory<byte>[] ?? [.. blocks], leaves);
        return leaves;
    }

    /// <summary>The same into memory of the caller's.</summary>
    internal static void Leaves(long firstBlock, ReadOnlySpan<ReadOnlyMemory<byte>> blocks, Span<MerkleNode> leaves)
    {
        Span<byte> prefixes = stackalloc byte[HashedTogether * LeafPrefixSize];
        Span<Bytes32> hashes = stackalloc Bytes32[HashedTogether];
        for (int start = 0; start < blocks.Length; start += HashedTogether)
        {
            ReadOnlySpan<ReadOnlyMemory<byte>> group = blocks.Slice(start, Math.Min(HashedTogether, blocks.Length - start));
            for (int i = 0; i < group.Length; i++)
                WriteLeafPrefix(prefixes[(LeafPrefixSize * i)..], group[i].Length);
            Blake2bBatch.Hash256(prefixes[..(LeafPrefixSize * group.Length)], group, hashes);
            for (int i = 0; i < group.Length; i++)
                leaves[start + i] = new MerkleNode(2 * (firstBlock + start + i), group[i].Length, hashes[i]);
        }
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
    internal static void Parents(ReadOnlySpan<MerkleNode> children, Span<MerkleNode> parents)
    {
        Span<byte> preimages = stackalloc byte[HashedTogether * ParentSize];
        Span<Bytes32> hashes = stackalloc Bytes32[HashedTogether];
        for (int start = 0; start < parents.Length; start += HashedTogether)
        {
            int count = Math.Min(HashedTogether, parents.Length - start);
            ReadOnlySpan<MerkleNode> pairs = children.Slice(2 * start, 2 * count);
            for (int i = 0; i < count; i++)
                WriteParent(preimages[(ParentSize * i)..], pairs[2 * i], pairs[2 * i + 1]);
            Blake2bBatch.Hash256(preimages[..(ParentSize * count)], ParentSize, hashes);
            for (int i = 0; i < count; i++)
                parents[start + i] = new MerkleNode(
                    FlatTreeIndex.Parent(pairs[2 * i].Index), pairs[2 * i].ByteLength + pairs[2 * i + 1].ByteLength, hashes[i]);
        }
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
