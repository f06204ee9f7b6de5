using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Recomputes a stored core from its blocks; opening has checked header, entries and the signature of the roots.</summary>
/// <remarks>
/// The core may change between two steps: each looks at what is stored then. What is written where an audit has been already is not
/// looked at again.
/// </remarks>
public static class CoreAudit
{
    /// <summary>The first contradiction between stored blocks, nodes and bitfield, in one line; null when there is none.</summary>
    public static string? FindFault(HypercoreMachine core)
    {
        AuditStep step = new(null, AuditPosition.Start);
        while (step is { Fault: null, Next: { } from })
            step = Step(core, from);
        return step.Fault;
    }

    /// <summary>Looks at a few blocks or nodes.</summary>
    public static AuditStep Step(HypercoreMachine core, AuditPosition from)
    {
        if (core.LostLength is not null)
            return AuditStep.Found(core.ReadOnlyReason!);
        if (from == AuditPosition.Start && core.Bitfield.FindFirst(true, core.PendingLength) >= 0)
            return AuditStep.Found($"bitfield: a block at or beyond the length {core.Tree.Length} is marked as stored");
        try
        {
            return from.Part switch
            {
                AuditPart.Blocks => CheckBlocks(core, from.Index),
                AuditPart.Parents => CheckNodes(core, from, CheckParent),
                _ => core.CountedLength >= core.Accepted.Length ? CheckNodes(core, from, CheckPresence) : AuditStep.Intact,
            };
        }
        catch (CoreStorageException error)
        {
            return AuditStep.Found(error.Message);
        }
    }

    private static AuditStep CheckBlocks(HypercoreMachine core, long from)
    {
        StepBudget budget = new();
        for (long block = core.Bitfield.FindFirst(true, from); block >= 0 && block < core.Accepted.Length;
            block = core.Bitfield.FindFirst(true, block + 1))
        {
            if (budget.IsSpent)
                return AuditStep.GoOn(new AuditPosition(AuditPart.Blocks, block));
            if (CheckBlock(core, block, budget) is { } fault)
                return AuditStep.Found(fault);
        }

        return AuditStep.GoOn(new AuditPosition(AuditPart.Parents, 0));
    }

    private static string? CheckBlock(HypercoreMachine core, long block, StepBudget budget)
    {
        if (!core.TryReadStored(block, out ReadOnlyMemory<byte> bytes))
            return $"data: block {block} cannot be read";
        budget.TakeBlock(bytes.Length);
        if (!core.TryGet(2 * block, out MerkleNode stored))
            return NodeFault(2 * block, "is missing");
        if (stored == MerkleHash.Leaf(block, bytes.Span))
            return null;
        _ = core.Accepted.TryByteOffset(core, 2 * block, out long offset);
        return new CoreStorageException(CoreFile.Data, offset, $"block {block} does not have the hash in the tree").Message;
    }

    private static AuditStep CheckNodes(HypercoreMachine core, AuditPosition place, Func<HypercoreMachine, long, string?> check)
    {
        long head = 2 * core.Accepted.Length, index = place.Index;
        for (StepBudget budget = new(); index < head && !budget.IsSpent; index++)
        {
            budget.TakeNode();
            if (FlatTreeIndex.RightSpan(index) < head && check(core, index) is { } fault)
                return AuditStep.Found(fault);
        }

        if (index < head)
            return AuditStep.GoOn(place with { Index = index });

        // With every block stored, every node below the roots must be there too. The count alone does not tell: JavaScript's header may be
        // ahead of the bitfield. Once both agree, every change adjusts both.
        bool goesOn = place.Part == AuditPart.Parents && core.Bitfield.FindFirst(false, 0) >= core.Accepted.Length;
        return goesOn ? AuditStep.GoOn(new AuditPosition(AuditPart.Presence, 0)) : AuditStep.Intact;
    }

    private static string? CheckParent(HypercoreMachine core, long index)
    {
        if ((index & 1) == 0 || !core.TryGet(index, out MerkleNode parent))
            return null;
        bool known = core.TryGet(FlatTreeIndex.LeftChild(index), out MerkleNode left)
            & core.TryGet(FlatTreeIndex.RightChild(index), out MerkleNode right);
        return known && MerkleHash.Parent(left, right) != parent ? NodeFault(index, "is not the hash of its children") : null;
    }

    private static string? CheckPresence(HypercoreMachine core, long index)
        => core.TryGet(index, out _) ? null : NodeFault(index, "is missing");

    private static string NodeFault(long index, string what)
        => new CoreStorageException(CoreFile.Tree, index * MerkleNode.StoredSize, $"node {index} {what}").Message;
}

/// <summary>What an audit looks at.</summary>
public enum AuditPart
{
    /// <summary>Whether each stored block has the hash in the tree.</summary>
    Blocks,

    /// <summary>Whether each node is the hash of its children.</summary>
    Parents,

    /// <summary>Whether any node is missing above blocks that are all stored.</summary>
    Presence,
}

/// <summary>Where an audit goes on.</summary>
/// <param name="Part">What is looked at next.</param>
/// <param name="Index">Of the block, or of the node in the tree.</param>
public readonly record struct AuditPosition(AuditPart Part, long Index)
{
    public static AuditPosition Start => default;
}

/// <summary>What one step of an audit came to.</summary>
/// <param name="Fault">A contradiction, which ends the audit.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record AuditStep(string? Fault, AuditPosition? Next)
{
    internal static AuditStep Intact { get; } = new(null, null);

    internal static AuditStep Found(string fault) => new(fault, null);

    internal static AuditStep GoOn(AuditPosition next) => new(null, next);
}
