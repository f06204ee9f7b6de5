namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>The blocks that an operation uses, each once and in the order of its first use.</summary>
internal sealed class TouchedBlocks(IEnumerable<ulong> known)
{
    private readonly HashSet<ulong> _seen = [.. known];
    private readonly List<ulong> _order = [];

    /// <summary>Without those that were known before.</summary>
    public IReadOnlyList<ulong> Order => _order;

    public void Add(ulong sequence)
    {
        if (_seen.Add(sequence))
            _order.Add(sequence);
    }
}
