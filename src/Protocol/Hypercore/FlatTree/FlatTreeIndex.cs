using System.Numerics;

namespace Hyper.Protocol.Hypercore.FlatTree;

/// <summary>Arithmetic of flat-tree numbering: block b is node 2b, and a parent of depth d and offset o is (1 + 2o)·2^d − 1.</summary>
public static class FlatTreeIndex
{
    /// <summary>Indexes and lengths that JavaScript can represent; everything a peer claims above is refused.</summary>
    public const long MaxIndex = 1L << 53;

    /// <summary>0 for a leaf.</summary>
    public static int Depth(long index) => BitOperations.TrailingZeroCount(~index);

    /// <summary>Position among the nodes of the same depth.</summary>
    public static long Offset(long index) => index >> (Depth(index) + 1);

    public static long At(int depth, long offset) => (offset << (depth + 1)) + (1L << depth) - 1;

    public static long Parent(long index) => At(Depth(index) + 1, Offset(index) >> 1);

    public static long Sibling(long index) => At(Depth(index), Offset(index) ^ 1);

    /// <summary>The left child of a node that is no leaf.</summary>
    public static long LeftChild(long index) => index - HalfOf(index);

    /// <summary>The right child of a node that is no leaf.</summary>
    public static long RightChild(long index) => index + HalfOf(index);

    /// <summary>The leftmost leaf below a node.</summary>
    public static long LeftSpan(long index) => index - (1L << Depth(index)) + 1;

    /// <summary>The rightmost leaf below a node.</summary>
    public static long RightSpan(long index) => index + (1L << Depth(index)) - 1;

    /// <summary>Blocks below a node.</summary>
    public static long LeafCount(long index) => 1L << Depth(index);

    /// <summary>Whether a node lies in the subtree of another.</summary>
    public static bool Contains(long subtree, long index) => index >= LeftSpan(subtree) && index <= RightSpan(subtree);

    /// <summary>The roots of a tree of so many blocks, left to right.</summary>
    public static IEnumerable<long> Roots(long length)
    {
        long start = 0;
        while (length > 0)
        {
            long leaves = 1L << BitOperations.Log2((ulong)length);
            yield return start + leaves - 1;
            start += 2 * leaves;
            length -= leaves;
        }
    }

    /// <summary>The nodes that lead from one length to a greater one: right-edge siblings first, then further roots.</summary>
    public static IEnumerable<long> Path(long start, long end)
    {
        long from = 2 * start;
        bool connected = start == 0;
        foreach (long root in Roots(end))
        {
            if (RightSpan(root) < from - 1)
                continue;
            if (connected || !Contains(root, from - 2))
            {
                connected = true;
                yield return root;
                continue;
            }

            connected = true;
            for (long at = from - 2; at != root; at = Parent(at))
            {
                if (Sibling(at) > from - 2)
                    yield return Sibling(at);
            }
        }
    }

    private static long HalfOf(long index)
    {
        int depth = Depth(index);
        return depth > 0 ? 1L << (depth - 1) : throw new ArgumentOutOfRangeException(nameof(index), index, "a leaf has no children");
    }
}
