namespace Hyper.Protocol.Hypercore;

/// <summary>How much one step of a look through a core reads and hashes: a few milliseconds' worth, unless a single block is longer.</summary>
internal sealed class StepBudget
{
    // In bytes: a short block and a node cost as much time as so many of a long block.
    private const long Step = 1 << 20;
    private const long Block = Step >> 10;
    private const long Node = Step >> 13;

    private long _left = Step;

    internal bool IsSpent => _left <= 0;

    internal void TakeBlock(long bytes) => _left -= Math.Max(bytes, Block);

    internal void TakeNode() => _left -= Node;
}
