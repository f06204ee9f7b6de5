using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Finds the node that holds a byte offset, as far as stored nodes tell.</summary>
public sealed class ByteSeeker
{
    private readonly IMerkleNodes _stored;
    private readonly long _padding;

    /// <summary>Padding is taken off every block: 8 for encrypted cores, else 0.</summary>
    public ByteSeeker(IMerkleNodes stored, long padding)
    {
        _stored = stored;
        _padding = padding;
    }

    public ProofFailure Failure { get; private set; }

    /// <summary>The leaf that holds a byte and the offset inside it, or the subtree that holds it when nodes are missing.</summary>
    public bool TryFindBlock(MerkleTree tree, long bytes, out long node, out long offset)
    {
        node = 2 * tree.Length;
        offset = bytes;
        foreach (MerkleNode root in tree.Roots)
        {
            if (!TryUnpadded(root, out long size))
                return false;
            if (offset < size)
                return TryDescend(root.Index, ref offset, out node);
            offset -= size;
        }

        return true;
    }

    /// <summary>The root of a seek proof below the roots of a length; past the end it is the index behind the last leaf.</summary>
    internal bool TryFindInRoots(long length, long bytes, out long found)
    {
        found = 2 * length;
        foreach (long index in FlatTreeIndex.Roots(length))
        {
            if (!TryGetSize(index, out long size))
                return false;
            if (bytes == size)
            {
                found = index;
                return true;
            }

            if (bytes < size)
                return TryFindTrusted(index, bytes, out found);
            bytes -= size;
        }

        return true;
    }

    /// <summary>The root of a seek proof inside one subtree, refused when the byte lies outside it.</summary>
    internal bool TryFindWithin(MerkleNode root, long offset, long bytes, out long found)
    {
        found = root.Index;
        Int128 start = offset - (Int128)_padding * (FlatTreeIndex.LeftSpan(root.Index) / 2);
        if (start > bytes || start < 0 || !TryUnpadded(root, out long size) || bytes - start >= size)
        {
            Failure = bytes == start ? ProofFailure.None : ProofFailure.InvalidRequest;
            return bytes == start;
        }

        return TryFindTrusted(root.Index, bytes - (long)start, out found);
    }

    private bool TryFindTrusted(long root, long bytes, out long found)
    {
        found = root;
        if (bytes == 0)
            return true;
        while (FlatTreeIndex.Depth(found) > 0)
        {
            long left = FlatTreeIndex.LeftChild(found);
            if (!_stored.TryGet(left, out MerkleNode node))
                return true;
            if (!TryUnpadded(node, out long size))
                return false;
            if (size == bytes)
            {
                found = left;
                return true;
            }

            found = size > bytes ? left : FlatTreeIndex.RightChild(found);
            bytes -= size > bytes ? 0 : size;
        }

        return true;
    }

    private bool TryDescend(long root, ref long offset, out long found)
    {
        found = root;
        while (FlatTreeIndex.Depth(found) > 0)
        {
            long left = FlatTreeIndex.LeftChild(found);
            if (!_stored.TryGet(left, out MerkleNode node))
                return true;
            if (!TryUnpadded(node, out long size))
                return false;
            found = offset < size ? left : FlatTreeIndex.RightChild(found);
            offset -= offset < size ? 0 : size;
        }

        return true;
    }

    private bool TryGetSize(long index, out long size)
    {
        size = 0;
        if (_stored.TryGet(index, out MerkleNode node))
            return TryUnpadded(node, out size);
        Failure = ProofFailure.NotStored;
        return false;
    }

    private bool TryUnpadded(MerkleNode node, out long size)
    {
        Int128 unpadded = node.ByteLength - (Int128)_padding * FlatTreeIndex.LeafCount(node.Index);
        size = (long)Int128.Max(unpadded, -1);
        Failure = size < 0 ? ProofFailure.InvalidRequest : ProofFailure.None;
        return size >= 0;
    }
}
