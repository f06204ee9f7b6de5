using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The three hashes of the tree: leaves, parents, and the list of roots (reference 1.4).</summary>
public static class MerkleHash
{
    private const int RootSize = 48;

    /// <summary>The leaf of a block.</summary>
    public static MerkleNode Leaf(long blockIndex, ReadOnlySpan<byte> block)
    {
        Span<byte> prefix = stackalloc byte[9];
        prefix[0] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(prefix[1..], block.Length);
        return new MerkleNode(2 * blockIndex, block.Length, Blake2b.Hash256(prefix, block));
    }

    /// <summary>The parent of two siblings, given in either order.</summary>
    public static MerkleNode Parent(MerkleNode one, MerkleNode other)
    {
        (MerkleNode left, MerkleNode right) = one.Index < other.Index ? (one, other) : (other, one);
        long size = left.ByteLength + right.ByteLength;
        Span<byte> preimage = stackalloc byte[9 + 2 * Bytes32.Size];
        preimage[0] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(preimage[1..], size);
        left.Hash.CopyTo(preimage[9..]);
        right.Hash.CopyTo(preimage[(9 + Bytes32.Size)..]);
        return new MerkleNode(FlatTreeIndex.Parent(left.Index), size, Blake2b.Hash256(preimage));
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
}
