namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>A byte whose block is not known yet, and the part of the tree that holds it; padding is 8 for encrypted cores.</summary>
public readonly record struct ByteSearch(long Bytes, long Padding, WantedNode Within)
{
    /// <summary>
    /// Whether the block itself decides: of two siblings only the sum of their sizes is proven by nodes, their own sizes by a block.
    /// </summary>
    public bool NeedsBlock => Within.Levels <= 1;

    /// <summary>What a peer is asked that has a block of that part.</summary>
    public ProofRequest RequestBy(long block) => new(Hash: new NodeTarget(2 * block, Within.Levels), Seek: new SeekTarget(Bytes, Padding));
}
