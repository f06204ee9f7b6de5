using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>One signed state of a core: fork, length, roots and the signature over them. Never changes.</summary>
public sealed class MerkleTree
{
    private StrongBox<Bytes32>? _hash;

    /// <summary>The roots must be those of the length, left to right.</summary>
    public MerkleTree(long fork, long length, ImmutableArray<MerkleNode> roots, ReadOnlyMemory<byte> signature)
    {
        Fork = fork;
        Length = length;
        Roots = roots;
        Signature = signature;
        foreach (MerkleNode root in roots)
            ByteLength += root.ByteLength;
    }

    public static MerkleTree Empty { get; } = new(0, 0, [], default);

    public long Fork { get; }

    /// <summary>Blocks.</summary>
    public long Length { get; }

    /// <summary>Bytes of all blocks, as stored.</summary>
    public long ByteLength { get; }

    public ImmutableArray<MerkleNode> Roots { get; }

    /// <summary>Empty for length 0, which is never signed.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The tree hash over the roots.</summary>
    public Bytes32 Hash => (_hash ??= new StrongBox<Bytes32>(MerkleHash.Tree(Roots))).Value;

    /// <summary>Reads the state of a length from stored nodes; false when one of its roots is missing.</summary>
    public static bool TryLoad(
        IMerkleNodes nodes, long fork, long length, ReadOnlyMemory<byte> signature, out MerkleTree tree, out long missing)
    {
        ImmutableArray<MerkleNode>.Builder roots = ImmutableArray.CreateBuilder<MerkleNode>();
        tree = Empty;
        missing = -1;
        foreach (long index in FlatTreeIndex.Roots(length))
        {
            if (!nodes.TryGet(index, out MerkleNode root))
            {
                missing = index;
                return false;
            }

            roots.Add(root);
        }

        tree = new MerkleTree(fork, length, roots.ToImmutable(), signature);
        return true;
    }

    /// <summary>Bytes before a node; false when a node on the way is not stored.</summary>
    public bool TryByteOffset(IMerkleNodes nodes, long index, out long offset)
    {
        offset = 0;
        long target = FlatTreeIndex.LeftSpan(index);
        if (target == 2 * Length)
        {
            offset = ByteLength;
            return true;
        }

        foreach (MerkleNode root in Roots)
        {
            if (FlatTreeIndex.Contains(root.Index, target))
                return TryDescend(nodes, root.Index, target, ref offset);
            offset += root.ByteLength;
        }

        return false;
    }

    /// <summary>Levels to climb from a node to the first stored one: what a request names as its number of nodes.</summary>
    public int CountMissingNodes(IMerkleNodes nodes, long index)
    {
        long head = 2 * Length;
        if (FlatTreeIndex.RightSpan(index) >= head)
            return 0;
        int count = 0;
        while (!FlatTreeIndex.Contains(index, head) && !nodes.TryGet(index, out _))
        {
            count++;
            index = FlatTreeIndex.Parent(index);
        }

        return count;
    }

    /// <summary>Levels from a node to its root in a tree of a length: what a peer must climb at most that has that tree.</summary>
    public static int CountLevelsToRoot(long index, long length)
    {
        long head = 2 * length;
        if (FlatTreeIndex.RightSpan(index) >= head)
            return 0;
        int count = 0;
        for (index = FlatTreeIndex.Parent(index); !FlatTreeIndex.Contains(index, head); index = FlatTreeIndex.Parent(index))
            count++;
        return count;
    }

    private static bool TryDescend(IMerkleNodes nodes, long root, long leaf, ref long offset)
    {
        for (long at = root; at != leaf && FlatTreeIndex.Depth(at) > 0;)
        {
            long left = FlatTreeIndex.LeftChild(at);
            if (FlatTreeIndex.Contains(left, leaf))
            {
                at = left;
                continue;
            }

            if (!nodes.TryGet(left, out MerkleNode skipped))
                return false;
            offset += skipped.ByteLength;
            at = FlatTreeIndex.RightChild(at);
        }

        return true;
    }
}
