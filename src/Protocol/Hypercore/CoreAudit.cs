using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Recomputes a stored core from its blocks; opening has checked header, entries and the signature of the roots.</summary>
public static class CoreAudit
{
    /// <summary>The first contradiction between stored blocks, nodes and bitfield, in one line; null when there is none.</summary>
    public static string? FindFault(HypercoreMachine core)
    {
        if (core.LostLength is not null)
            return core.ReadOnlyReason;
        if (core.Bitfield.FindFirst(true, core.PendingLength) >= 0)
            return $"bitfield: a block at or beyond the length {core.Tree.Length} is marked as stored";
        try
        {
            for (long block = 0; block < core.Tree.Length; block++)
            {
                if (core.Has(block) && CheckBlock(core, block) is { } fault)
                    return fault;
            }

            return CheckParents(core) ?? CheckPresence(core);
        }
        catch (CoreStorageException error)
        {
            return error.Message;
        }
    }

    private static string? CheckBlock(HypercoreMachine core, long block)
    {
        if (!core.TryReadStored(block, out ReadOnlyMemory<byte> bytes))
            return $"data: block {block} cannot be read";
        if (!core.TryGet(2 * block, out MerkleNode stored))
            return NodeFault(2 * block, "is missing");
        return stored == MerkleHash.Leaf(block, bytes.Span) ? null : $"data: block {block} does not have the hash in the tree";
    }

    private static string? CheckParents(HypercoreMachine core)
    {
        long head = 2 * core.Tree.Length;
        for (long index = 1; index < head; index += 2)
        {
            if (FlatTreeIndex.RightSpan(index) >= head || !core.TryGet(index, out MerkleNode parent))
                continue;
            bool known = core.TryGet(FlatTreeIndex.LeftChild(index), out MerkleNode left)
                & core.TryGet(FlatTreeIndex.RightChild(index), out MerkleNode right);
            if (known && MerkleHash.Parent(left, right) != parent)
                return NodeFault(index, "is not the hash of its children");
        }

        return null;
    }

    // With every block stored, every node below the roots must be there too.
    private static string? CheckPresence(HypercoreMachine core)
    {
        bool whole = core.ContiguousLength == core.Tree.Length;
        long head = 2 * core.Tree.Length;
        for (long index = 0; whole && index < head - 1; index++)
        {
            if (FlatTreeIndex.RightSpan(index) < head && !core.TryGet(index, out _))
                return NodeFault(index, "is missing");
        }

        return null;
    }

    private static string NodeFault(long index, string what)
        => $"{CoreStorageException.NameOf(CoreFile.Tree)} at byte {index * MerkleNode.StoredSize}: node {index} {what}";
}
