using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Finds one key in one version of the tree.</summary>
public sealed class BeeLookup : BeeOperation
{
    private readonly ReadOnlyMemory<byte> _key;
    private NodeAddress? _next;
    private int _depth;
    private bool _hinted;

    public BeeLookup(BeeBlocks blocks, ulong version, ReadOnlyMemory<byte> key)
        : base(blocks, version)
    {
        _key = key;
        _next = version < 2 ? null : new NodeAddress(version - 1, 0);
    }

    /// <summary>The entry, or null when the key is not in the tree.</summary>
    public BeeEntry? Entry { get; private set; }

    /// <summary>Goes on as far as the blocks at hand allow.</summary>
    public BeeProgress Advance()
    {
        while (_next is { } address)
        {
            if (_depth == 0 && IsAnsweredByRoot(address))
                break;
            if (!TryNode(address, out TreeLevel? node) || !TrySearch(node, _key.Span, out int position, out bool found))
                return Paused;
            if (found)
                return TryTake(node.Keys[position]) ? BeeProgress.Done : Paused;
            if (++_depth > Options.MaxDepth)
                Fail(BeeFault.MalformedTree);
            _next = node.IsLeaf ? null : node.Children[position];
            Settle();
        }

        return Fault == BeeFault.None ? BeeProgress.Done : BeeProgress.Failed;
    }

    public override BeeHint? TakeHint()
    {
        if (_hinted || Version < 2)
            return null;
        _hinted = true;
        return new BeeHint { Get = new KeyHint(Version, _key) };
    }

    // The newest block holds the key itself: no search is needed.
    private bool IsAnsweredByRoot(NodeAddress root)
    {
        if (!TryBlock(root.Sequence, out BeeBlock? block) || !block.Key.Span.SequenceEqual(_key.Span))
            return false;
        _next = null;
        if (!block.IsDeletion)
            Entry = BeeEntry.From(block);
        return true;
    }

    private bool TryTake(ulong sequence)
    {
        if (!TryBlock(sequence, out BeeBlock? block))
            return false;
        _next = null;
        Entry = BeeEntry.From(block);
        return true;
    }
}
