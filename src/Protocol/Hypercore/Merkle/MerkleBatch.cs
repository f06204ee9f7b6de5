using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>A scratch copy of a tree that grows by blocks or by proven roots before it is committed.</summary>
public sealed class MerkleBatch
{
    /// <summary>Totals that JavaScript can represent.</summary>
    public const long MaxByteLength = (1L << 53) - 1;

    // A block, its sibling and their parent, and the same one level up.
    private const int UsualNodes = 5;

    private readonly List<MerkleNode> _nodes;

    // Most proofs add no root, so those of the base serve until one does.
    private List<MerkleNode>? _grown;

    // Whether the last root is one that was neither signed nor computed, so that no hash says its size yet.
    private bool _isLastClaimed;
    private Bytes32? _hash;

    public MerkleBatch(MerkleTree tree, int expectedNodes = UsualNodes)
    {
        _nodes = new List<MerkleNode>(expectedNodes);
        Base = tree;
        Fork = tree.Fork;
        Length = tree.Length;
        ByteLength = tree.ByteLength;
        Ancestors = tree.Length;
    }

    private MerkleBatch(MerkleBatch other)
    {
        _nodes = [];
        Base = other.Base;
        Fork = other.Fork;
        Length = other.Length;
        ByteLength = other.ByteLength;
        Ancestors = other.Ancestors;
        Upgraded = other.Upgraded;
        _grown = [.. other.Roots];
    }

    /// <summary>The state the batch started from.</summary>
    public MerkleTree Base { get; }

    public long Fork { get; set; }

    public long Length { get; private set; }

    public long ByteLength { get; private set; }

    /// <summary>Blocks shared with the base; below the base's length only when the base is cut.</summary>
    public long Ancestors { get; init; }

    /// <summary>Whether roots were added.</summary>
    public bool Upgraded { get; private set; }

    public IReadOnlyList<MerkleNode> Roots => _grown ?? (IReadOnlyList<MerkleNode>)Base.Roots;

    /// <summary>Nodes received or computed, in the order upstream stores them.</summary>
    public IReadOnlyList<MerkleNode> Nodes => _nodes;

    public Bytes32 TreeHash => _hash ??= MerkleHash.Tree(Roots);

    /// <summary>Adds a block at the end.</summary>
    public void Append(ReadOnlySpan<byte> block)
    {
        if (!TryAppendRoot(MerkleHash.Leaf(Length, block)))
            throw new InvalidOperationException("a core holds at most 2^53 - 1 bytes");
    }

    /// <summary>Adds blocks at the end; the nodes stand in the same order as if each were added alone.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        GrownLevels levels = new(Length, Roots, blocks as ReadOnlyMemory<byte>[] ?? [.. blocks]);
        if (levels.ByteLength > MaxByteLength - ByteLength)
            throw new InvalidOperationException("a core holds at most 2^53 - 1 bytes");
        _hash = null;
        Upgraded |= blocks.Count > 0;
        Length += blocks.Count;
        ByteLength += levels.ByteLength;
        _grown = levels.Roots();
        levels.AddTo(_nodes);
    }

    /// <summary>The batch as a committed state.</summary>
    public MerkleTree ToTree(ReadOnlyMemory<byte> signature) => new(Fork, Length, [.. Roots], signature);

    /// <summary>A copy that can grow on its own; its list of nodes starts empty.</summary>
    public MerkleBatch Clone() => new(this);

    internal void AddNode(MerkleNode node) => _nodes.Add(node);

    /// <summary>Adds a node right of the last root and merges siblings; false when it does not fit there or the total overflows.</summary>
    /// <param name="node">Computed, or claimed by a peer.</param>
    /// <param name="provisional">
    /// Takes the indexes of siblings that are both claimed: the node above them commits to the sum of their sizes only. Null for a node that
    /// is computed.
    /// </param>
    internal bool TryAppendRoot(MerkleNode node, ISet<long>? provisional = null)
    {
        if (node.ByteLength < 0 || node.ByteLength > MaxByteLength - ByteLength || FlatTreeIndex.LeftSpan(node.Index) != 2 * Length)
            return false;
        _hash = null;
        Upgraded = true;
        Length += FlatTreeIndex.LeafCount(node.Index);
        ByteLength += node.ByteLength;
        List<MerkleNode> roots = _grown ??= [.. Base.Roots];
        bool areClaimed = _isLastClaimed && provisional is not null;
        _isLastClaimed = provisional is not null;
        roots.Add(node);
        _nodes.Add(node);
        while (roots.Count > 1 && FlatTreeIndex.Sibling(roots[^1].Index) == roots[^2].Index)
        {
            if (areClaimed)
                provisional!.UnionWith([roots[^2].Index, roots[^1].Index]);
            areClaimed = _isLastClaimed = false;
            MerkleNode parent = MerkleHash.Parent(roots[^2], roots[^1]);
            roots.RemoveRange(roots.Count - 2, 2);
            roots.Add(parent);
            _nodes.Add(parent);
        }

        return true;
    }

    /// <summary>A batch of a tree's first blocks under another fork; false when a root is not stored.</summary>
    public static bool TryTruncate(MerkleTree tree, IMerkleNodes nodes, long length, long fork, out MerkleBatch batch)
    {
        batch = new MerkleBatch(tree);
        if (length < 0 || length > tree.Length || !MerkleTree.TryLoad(nodes, fork, length, default, out MerkleTree shorter, out _))
            return false;
        batch = new MerkleBatch(tree) { Ancestors = length, Fork = fork };
        batch.Restart(shorter);
        return true;
    }

    /// <summary>A batch that starts from nothing, as a proof of another fork does.</summary>
    internal static MerkleBatch FromEmpty(MerkleTree tree, long ancestors = 0)
    {
        MerkleBatch batch = new(tree) { Ancestors = ancestors };
        batch.Restart(MerkleTree.Empty);
        return batch;
    }

    private void Restart(MerkleTree tree)
    {
        _grown = [.. tree.Roots];
        Length = tree.Length;
        ByteLength = tree.ByteLength;
        Upgraded = true;
        _hash = null;
    }
}
