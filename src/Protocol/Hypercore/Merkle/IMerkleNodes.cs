namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The tree nodes that are stored locally.</summary>
public interface IMerkleNodes
{
    /// <summary>False when the node is not stored, which is normal for a sparse core.</summary>
    bool TryGet(long index, out MerkleNode node);
}
