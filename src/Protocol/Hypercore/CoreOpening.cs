using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>Reads a core's files into a state that can go on, or says what is wrong with them.</summary>
internal static class CoreOpening
{
    private static ReadOnlySpan<byte> OldTreeMagic
        => [0x05, 0x02, 0x57, 0x02, 0x00, 0x00, 0x28, 0x07, 0x42, 0x4c, 0x41, 0x4b, 0x45, 0x32, 0x62];

    internal static (CoreState State, CoreJournal Journal) Create(ICoreFiles files, CoreIdentity identity, HypercoreOptions options)
    {
        if (OplogReader.HoldsCore(files))
            throw new CoreStorageException(CoreFile.Oplog, 0, "there is a core here already");
        CoreHeader header = new()
        {
            Key = identity.Key,
            Manifest = identity.Manifest,
            KeyPair = identity.KeyPair is { } pair ? new HeaderKeyPair(pair.PublicKey, pair) : null,
            UserData = [.. identity.UserData],
        };
        CoreState state = new(files, header, options);
        OplogWriter oplog = new(OplogBits.Fresh, null, OplogFrame.EntriesOffset);
        CoreJournal journal = new(files, state, oplog, options, MerkleTree.Empty);
        journal.CommitCreation();
        return (state, journal);
    }

    internal static (CoreState State, CoreJournal Journal) Open(ICoreFiles files, HypercoreOptions options)
    {
        RefuseOldTree(files[CoreFile.Tree]);
        OplogContents contents = OplogReader.Read(files);
        (CoreState state, MerkleTree tree) = Replay(files, contents, options);
        if (TornData.Find(files, state, tree, contents, options.OpensDamaged) is { } torn)
        {
            contents = contents with { Entries = [.. contents.Entries.Take(torn)] };
            (state, tree) = Replay(files, contents, options);
        }

        state.RecountContiguousLength();
        OplogWriter oplog = new(contents.Bits, contents.External, contents.End);
        CoreJournal journal = new(files, state, oplog, options, tree);
        if (contents.End != files[CoreFile.Oplog].Length && !options.ReadOnly)
            journal.CommitRepair(contents.End);
        return (state, journal);
    }

    internal static IReadOnlyList<UserDataItem> ReadUserData(ICoreFiles files) => ReadUserData(files, OplogReader.Read(files));

    internal static CoreIdentity ReadIdentity(ICoreFiles files)
    {
        OplogContents contents = OplogReader.Read(files);
        return CoreIdentity.Of(contents.Header, ReadUserData(files, contents));
    }

    private static IReadOnlyList<UserDataItem> ReadUserData(ICoreFiles files, OplogContents contents)
    {
        CoreState state = new(files, contents.Header, new HypercoreOptions());
        foreach (StoredEntry stored in contents.Entries.Where(stored => stored.Entry.UserData is not null))
            state.Apply(new OplogEntry(UserData: stored.Entry.UserData));
        return state.UserData;
    }

    private static (CoreState State, MerkleTree Tree) Replay(ICoreFiles files, OplogContents contents, HypercoreOptions options)
    {
        CoreState state = new(files, contents.Header, options);
        foreach (StoredEntry stored in contents.Entries)
            Replay(state, stored);
        bool opensLost = options is { OpensDamaged: true, ReadOnly: false };
        return (state, LoadTree(state, contents, opensLost));
    }

    private static void RefuseOldTree(IRandomAccess tree)
    {
        Span<byte> start = stackalloc byte[OldTreeMagic.Length];
        if (tree.Read(0, start) == start.Length && start.SequenceEqual(OldTreeMagic))
            throw new CoreStorageException(CoreFile.Tree, 0, "this is a core of Hypercore 9 or older, which cannot be read");
    }

    private static void Replay(CoreState state, StoredEntry stored)
    {
        OplogEntry entry = stored.Entry;
        bool fits = entry.Bitfield is not { } bits || bits.Length <= FlatTreeIndex.MaxIndex - bits.Start;
        bool grows = entry.Upgrade is not { } upgrade || upgrade.Ancestors <= upgrade.Length;
        if (!fits || !grows)
            throw new CoreStorageException(CoreFile.Oplog, stored.Offset, "an entry names impossible blocks");
        state.Apply(entry);
    }

    /// <summary>The stored tree; an empty one of its fork when its roots are lost and that does not keep the core closed.</summary>
    private static MerkleTree LoadTree(CoreState state, OplogContents contents, bool opensLost)
    {
        bool replaced = contents.Entries.Any(stored => stored.Entry.Upgrade is not null);
        Bytes32? hash = replaced ? null : contents.Header.RootHash;
        if (FindDamage(state, hash, out MerkleTree tree) is not { } damage)
            return tree;
        if (!opensLost || state.Length == 0)
            throw damage;
        state.Lost = new LostRoots(damage, state.Fork, state.Length, hash, state.Signature);
        return new MerkleTree(state.Fork, 0, [], default);
    }

    private static CoreStorageException? FindDamage(CoreState state, Bytes32? hash, out MerkleTree tree)
    {
        if (!MerkleTree.TryLoad(state.Nodes, state.Fork, state.Length, state.Signature, out tree, out long missing))
            return new CoreStorageException(CoreFile.Tree, missing * MerkleNode.StoredSize, $"root node {missing} is missing");
        bool matches = hash is null || hash == tree.Hash;
        bool signed = tree.Length == 0 || state.Verifier is not { } verifier || verifier.Verify(new MerkleBatch(tree), tree.Signature.Span);
        if (matches && signed)
            return null;
        long first = tree.Roots.IsEmpty ? 0 : tree.Roots[0].Index * MerkleNode.StoredSize;
        return new CoreStorageException(CoreFile.Tree, first, "the roots do not match their signature");
    }
}
