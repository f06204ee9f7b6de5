using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Pieces of the tree file read last: a node's neighbours are read next, and most nodes of a sparse copy are missing.</summary>
internal sealed class TreePages(IRandomAccess file)
{
    private const int PageNodes = 64;
    private const int PageBytes = PageNodes * MerkleNode.StoredSize;
    private const int Slots = 32;

    private readonly Page?[] _pages = new Page?[Slots];

    /// <summary>
    /// Reads a node; false when the file does not reach that far, or names a size that no core can have: whoever adds sizes up or makes
    /// room for a block need not think of that. A node that was never written is all zeros.
    /// </summary>
    internal bool TryRead(long index, out MerkleNode node)
    {
        long number = index / PageNodes;
        ref Page? page = ref _pages[number % Slots];
        page ??= new Page();
        if (page.Number != number)
            page.Load(file, number);
        int offset = (int)(index % PageNodes) * MerkleNode.StoredSize;
        node = default;
        if (offset + MerkleNode.StoredSize > page.Length)
            return false;
        ReadOnlySpan<byte> bytes = page.Bytes.AsSpan(offset, MerkleNode.StoredSize);
        node = new MerkleNode(index, BinaryPrimitives.ReadInt64LittleEndian(bytes), new Bytes32(bytes[8..]));
        return node.ByteLength is >= 0 and <= MerkleBatch.MaxByteLength;
    }

    /// <summary>The file has changed.</summary>
    internal void Clear()
    {
        foreach (Page? page in _pages)
            page?.Forget();
    }

    private sealed class Page
    {
        internal byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(PageBytes);

        internal long Number { get; private set; } = -1;

        internal int Length { get; private set; }

        internal void Load(IRandomAccess file, long number)
        {
            Number = -1;
            Length = file.Read(number * PageBytes, Bytes);
            Number = number;
        }

        internal void Forget() => Number = -1;
    }
}
