using System.Collections.Immutable;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Which blocks a core has and lacks.</summary>
internal static class StoredBlocks
{
    /// <summary>All runs of stored blocks, in order.</summary>
    internal static ImmutableArray<BlockRun> Of(HypercoreMachine core)
    {
        ImmutableArray<BlockRun>.Builder runs = ImmutableArray.CreateBuilder<BlockRun>();
        long contiguous = Math.Min(core.ContiguousLength, core.Tree.Length);
        if (contiguous > 0)
            runs.Add(new BlockRun(0, contiguous));
        foreach ((long start, long count) in core.Bitfield.Runs(contiguous, core.Tree.Length))
            runs.Add(new BlockRun(start, count));
        return runs.ToImmutable();
    }

    /// <summary>Those of the blocks that are not stored, with the levels their proofs must climb.</summary>
    internal static ImmutableArray<NodeTarget> Missing(HypercoreMachine core, IReadOnlyList<long> blocks)
        => [.. blocks.Where(block => !core.Has(block))
            .Select(block => new NodeTarget(block, core.CountMissingNodes(block)))];
}
