using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>How far the proofs of one plan must climb when each may end at a node that an earlier one of them brings.</summary>
internal sealed class SharedClimbs
{
    private readonly Dictionary<long, RestsOn> _brought = [];

    /// <summary>Another plan begins.</summary>
    public void Clear() => _brought.Clear();

    /// <summary>Levels to climb, and the request on whose answer the proof then rests; null when it rests on what is stored.</summary>
    public (long Levels, RestsOn? Via) Shorten(PlannedBlock block)
    {
        long at = 2 * block.Index;
        for (long levels = 0; levels < block.Nodes; levels++, at = FlatTreeIndex.Parent(at))
        {
            if (_brought.TryGetValue(at, out RestsOn via))
                return (levels, via);
        }

        return (block.Nodes, null);
    }

    /// <summary>The proof that was asked for will bring every node on its way and the siblings of these.</summary>
    public void Add(OutgoingRequest request)
    {
        if (request.Parts.Block is not { } block)
            return;
        RestsOn brought = new(request.Id, block.Index);
        long at = 2 * block.Index;
        for (long level = 0; level < block.Nodes; level++)
        {
            _brought.TryAdd(FlatTreeIndex.Sibling(at), brought);
            at = FlatTreeIndex.Parent(at);
            _brought.TryAdd(at, brought);
        }
    }
}
