using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Blocks that somebody waits for, readers and downloads alike: subscribers hear of the first who does and when the last gives up.</summary>
internal sealed class BlockNeeds(CoreEvents events)
{
    private readonly SortedDictionary<long, int> _needs = [];

    public IReadOnlyList<long> Blocks => [.. _needs.Keys];

    public void Add(long block)
    {
        int before = _needs.GetValueOrDefault(block);
        _needs[block] = before + 1;
        if (before == 0)
            events.Tell(new CoreProtocol.BlockNeeded(block));
    }

    public void Remove(long block)
    {
        if (!_needs.TryGetValue(block, out int waiting))
            return;
        if (waiting > 1)
            _needs[block] = waiting - 1;
        else if (_needs.Remove(block))
            events.Tell(new CoreProtocol.BlockUnneeded(block));
    }

    /// <summary>The blocks are here.</summary>
    public void End(BlocksAvailable blocks) => new BlockRun(blocks.Start, blocks.Count).RemoveFrom(_needs);
}
