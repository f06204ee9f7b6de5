using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>The cuts of a core since it was opened: what a snapshot taken before them still holds.</summary>
internal sealed class CutHistory(int limit)
{
    // Each cut with the fewest blocks that this one or a later one has left.
    private readonly List<(long Fork, long Kept)> _cuts = [];

    public void Add(Truncated cut)
    {
        for (int i = 0; i < _cuts.Count; i++)
            _cuts[i] = (_cuts[i].Fork, Math.Min(_cuts[i].Kept, cut.Ancestors));
        _cuts.Add((cut.Tree.Fork, cut.Ancestors));
        if (_cuts.Count <= limit)
            return;
        _cuts.RemoveAt(0);
        _cuts[0] = (_cuts[0].Fork, 0);
    }

    /// <summary>Whether a block is still the one that it was when the core stood so.</summary>
    public bool Holds(SnapshotPoint snapshot, long index, MerkleTree now)
    {
        if (index >= snapshot.Length || snapshot.Fork > now.Fork)
            return false;
        foreach ((long fork, long kept) in _cuts)
        {
            if (fork > snapshot.Fork)
                return index < kept;
        }

        return snapshot.Fork == now.Fork;
    }
}

/// <summary>A state of a core that reads may be bound to.</summary>
public readonly record struct SnapshotPoint(long Fork, long Length);
