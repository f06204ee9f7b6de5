using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Two children of a node, as far as they are known.</summary>
internal sealed record Siblings(MerkleNode? Left, MerkleNode? Right)
{
    /// <summary>Whether they hash to the node that is believed to be above them.</summary>
    internal bool Fit(MerkleNode believed)
        => Left is { ByteLength: >= 0 } left && Right is { ByteLength: >= 0 } right
            && right.ByteLength <= believed.ByteLength && MerkleHash.Parent(left, right) == believed;

    /// <summary>What is wrong with the two when they do not fit the node above them.</summary>
    internal CoreDamage DamageBelow(MerkleNode believed)
    {
        long left = FlatTreeIndex.LeftChild(believed.Index);
        string what = Left is null || Right is null ? "is missing" : "does not hash to its parent";
        return new CoreDamage(CoreFile.Tree, left * MerkleNode.StoredSize, $"node {left} or {FlatTreeIndex.RightChild(believed.Index)} {what}");
    }

    /// <summary>The others in place of both or of one of them.</summary>
    internal IEnumerable<Siblings> Or(Siblings other) => [other, this with { Left = other.Left }, this with { Right = other.Right }];
}
