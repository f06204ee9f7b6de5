using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>
/// Data and entry of a change are flushed together, so a power cut can keep the entry and lose the data. Such a change was never
/// reported as done: it is taken back. A writer's data that is wrong in any other way is damage, and said so.
/// </summary>
internal static class TornData
{
    private const int SectorSize = 512;

    /// <summary>The first entry whose blocks did not reach the disk; null when all did, or when the file is lost.</summary>
    /// <exception cref="CoreStorageException">A block that an entry speaks of is there and has another hash.</exception>
    internal static int? Find(ICoreFiles files, CoreState state, MerkleTree tree, OplogContents contents, bool opensDamaged)
    {
        IReadOnlyList<StoredEntry> entries = contents.Entries;
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Entry is not { Bitfield: { Drop: false } bits, TreeNodes: { } nodes })
                continue;
            foreach (MerkleNode leaf in nodes)
            {
                long block = leaf.Index / 2;
                bool covered = (leaf.Index & 1) == 0 && bits.Covers(block);
                if (covered && block < tree.Length && state.Bitfield.Get(block) && !IsIntact(files, state, tree, leaf, opensDamaged))
                    return IsFileLost(files[CoreFile.Data], state, tree, contents) ? null : i;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether blocks that were there before any of the entries are gone as well. No power cut takes them, so the entries were on disk and
    /// stay: a writer that forgot them would sign a second history.
    /// </summary>
    private static bool IsFileLost(IRandomAccess data, CoreState state, MerkleTree tree, OplogContents contents)
    {
        long block = Math.Min(contents.Header.Length, tree.Length);
        while (block > 0 && (block = state.Bitfield.FindLastSet(block - 1)) >= 0)
        {
            OplogEntry? newer = contents.Entries.Select(stored => stored.Entry).FirstOrDefault(
                entry => entry.Bitfield is { Drop: false } bits && bits.Covers(block));
            if (newer is null)
            {
                return tree.TryByteOffset(state.Nodes, 2 * block, out long offset)
                    && state.Nodes.TryGet(2 * block, out MerkleNode leaf) && leaf.ByteLength > data.Length - offset;
            }

            block = newer.Bitfield!.Start;
        }

        return false;
    }

    private static bool IsIntact(ICoreFiles files, CoreState state, MerkleTree tree, MerkleNode leaf, bool opensDamaged)
    {
        if (!state.Nodes.TryGet(leaf.Index, out MerkleNode current) || current != leaf)
            return true;
        if (!tree.TryByteOffset(state.Nodes, leaf.Index, out long offset))
            throw new CoreStorageException(CoreFile.Tree, leaf.Index * MerkleNode.StoredSize, "a node left of a stored block is missing");
        IRandomAccess data = files[CoreFile.Data];
        if (leaf.ByteLength > data.Length - offset)
            return false;
        byte[] bytes = new byte[leaf.ByteLength];
        if (data.Read(offset, bytes) == bytes.Length && MerkleHash.Leaf(leaf.Index / 2, bytes) == leaf)
            return true;
        return state.KeyPair is null || HasLostSector(bytes, offset)
            ? false
            : opensDamaged ? true
            : throw new CoreStorageException(CoreFile.Data, offset, $"block {leaf.Index / 2} does not have the hash in the oplog");
    }

    /// <summary>Whether a whole sector, or what the block has of it, reads as zeros: nothing was written there.</summary>
    private static bool HasLostSector(ReadOnlySpan<byte> block, long offset)
    {
        while (!block.IsEmpty)
        {
            int count = (int)Math.Min(block.Length, SectorSize - offset % SectorSize);
            if (!block[..count].ContainsAnyExcept((byte)0))
                return true;
            block = block[count..];
            offset += count;
        }

        return false;
    }
}
