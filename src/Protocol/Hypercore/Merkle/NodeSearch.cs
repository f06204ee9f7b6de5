namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes that are missing below a known one: those on the way to a byte, or any when they have to be repaired.</summary>
public readonly record struct NodeSearch(WantedNode Within, SeekTarget? Seek = null)
{
    /// <summary>
    /// Whether a block decides where the byte is: of two siblings only the sum of their sizes is proven by nodes, their own sizes by a block.
    /// </summary>
    public bool NeedsBlock => Within.Levels == 1;

    /// <summary>Whether the byte lies behind the end: whoever brings a longer tree is asked for the way to it too.</summary>
    public bool IsBeyond => Within.Levels == 0;

    /// <summary>What a peer is asked that has a block of that part.</summary>
    public ProofRequest RequestBy(long block) => new(Hash: new NodeTarget(2 * block, Within.Levels), Seek: Seek);

    /// <summary>Whether both are for the same purpose, the other perhaps being closer to its end.</summary>
    public bool Continues(NodeSearch other) => Seek is { } seek ? other.Seek == seek : other.Seek is null && other.Within == Within;
}
