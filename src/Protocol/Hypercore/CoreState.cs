using System.Collections.Immutable;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Bitfield;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>A core as of the last accepted change; entries are applied alike when they are written and when they are replayed.</summary>
internal sealed class CoreState
{
    private const int MaxReorgHints = 4;

    private readonly List<UserDataItem> _userData;
    private readonly List<ReorgHint> _reorgs;

    internal CoreState(ICoreFiles files, CoreHeader header, HypercoreOptions options)
    {
        Key = header.Key;
        KeyPair = header.KeyPair?.Pair;
        HeaderPair = header.KeyPair;
        _userData = [.. header.UserData];
        _reorgs = [.. header.Reorgs];
        Fork = header.Fork;
        Length = header.Length;
        Signature = header.Signature;
        ContiguousLength = header.ContiguousLength;
        Nodes = new StoredNodes(files[CoreFile.Tree]);
        Bitfield = new BlockBitfield(files[CoreFile.Bitfield], options.MaxBitfieldPages);
        if (header.Manifest is not null)
            Learn(header.Manifest);
    }

    internal CoreKey Key { get; }

    internal KeyPair? KeyPair { get; private set; }

    /// <summary>Null until a reader has learned the manifest.</summary>
    internal TreeVerifier? Verifier { get; private set; }

    internal StoredNodes Nodes { get; }

    internal BlockBitfield Bitfield { get; }

    /// <summary>The roots that the disk has lost; null while all are there. Until then nothing is changed, and nothing is read.</summary>
    internal LostRoots? Lost { get; set; }

    internal IReadOnlyList<UserDataItem> UserData => _userData;

    internal long Fork { get; private set; }

    internal long Length { get; private set; }

    internal ReadOnlyMemory<byte> Signature { get; private set; }

    internal long ContiguousLength { get; private set; }

    private HeaderKeyPair? HeaderPair { get; set; }

    internal void Learn(Manifest manifest) => Verifier = new TreeVerifier(Key, manifest);

    /// <summary>Takes what is not known yet; whether anything was.</summary>
    internal bool TryAdopt(CoreIdentity identity)
    {
        bool learns = Verifier is null && identity.Manifest is not null;
        if (learns)
            Learn(identity.Manifest!);
        bool signs = KeyPair is null && identity.KeyPair is not null;
        if (signs)
            (KeyPair, HeaderPair) = (identity.KeyPair, new HeaderKeyPair(identity.KeyPair!.PublicKey, identity.KeyPair));
        UserDataItem[] unset = [.. identity.UserData.Where(item => _userData.TrueForAll(present => present.Key != item.Key))];
        _userData.AddRange(unset);
        return learns || signs || unset.Length > 0;
    }

    internal void Apply(OplogEntry entry)
    {
        if (entry.UserData is { } userData)
            Apply(userData);
        if (entry.Upgrade is { } cut && cut.Ancestors < Length)
            Nodes.Truncate(cut.Ancestors);
        IReadOnlyList<MerkleNode> nodes = entry.TreeNodes ?? [];
        for (int i = 0; i < nodes.Count; i++)
            Nodes.Add(nodes[i]);
        if (entry.Bitfield is { } bits)
            Apply(bits);
        if (entry.Upgrade is { } upgrade)
            Apply(upgrade);
    }

    /// <summary>Drops what the disk should not hold: bits that a lost header left behind are not believed.</summary>
    internal void RecountContiguousLength()
    {
        ContiguousLength = Math.Min(ContiguousLength, Length);
        if (ContiguousLength == 0 || Bitfield.Get(ContiguousLength - 1))
            ContiguousLength = Math.Min(Bitfield.FindFirst(false, ContiguousLength), Length);
        else
            ContiguousLength = Math.Min(Bitfield.FindFirst(false, 0), Length);
    }

    /// <summary>
    /// The gaps in what is counted as stored: a header may count more than the bitfield has, and opening does not read it all. No peer
    /// would ever be asked for these blocks.
    /// </summary>
    internal IEnumerable<(long Start, long Count)> UncountedGaps()
    {
        long counted = Math.Min(ContiguousLength, Length);
        for (long start = Bitfield.FindFirst(false, 0); start < counted;)
        {
            long end = Bitfield.FindFirst(true, start);
            end = end < 0 ? counted : Math.Min(end, counted);
            yield return (start, end - start);
            start = Bitfield.FindFirst(false, end);
        }
    }

    internal CoreHeader ToHeader(MerkleTree tree) => new()
    {
        Key = Key,
        Manifest = Verifier?.Manifest,
        KeyPair = HeaderPair,
        UserData = [.. _userData],
        Fork = tree.Fork,
        Length = tree.Length,
        RootHash = tree.Length == 0 && tree.Fork == 0 ? null : tree.Hash,
        Signature = tree.Signature,
        Reorgs = [.. _reorgs],
        ContiguousLength = ContiguousLength,
    };

    internal ImmutableArray<ReorgHint> Reorgs => [.. _reorgs];

    private void Apply(UserDataChange change)
    {
        int at = _userData.FindIndex(item => item.Key == change.Key);
        if (at >= 0 && change.Value.IsEmpty)
            _userData.RemoveAt(at);
        else if (at >= 0)
            _userData[at] = new UserDataItem(change.Key, change.Value);
        else if (!change.Value.IsEmpty)
            _userData.Add(new UserDataItem(change.Key, change.Value));
    }

    private void Apply(BitfieldChange change)
    {
        Bitfield.SetRange(change.Start, change.Length, !change.Drop);
        long end = change.Start + change.Length;
        if (change.Drop)
            ContiguousLength = Math.Min(ContiguousLength, change.Start);
        else if (ContiguousLength >= change.Start && ContiguousLength <= end)
            ContiguousLength = Bitfield.FindFirst(false, end);
    }

    private void Apply(TreeUpgrade upgrade)
    {
        if (Length > 0 && upgrade.Fork != Fork)
            AddReorgHint(new ReorgHint(Fork, upgrade.Fork, upgrade.Ancestors));
        Fork = upgrade.Fork;
        Length = upgrade.Length;
        Signature = upgrade.Signature;
    }

    private void AddReorgHint(ReorgHint hint)
    {
        while (_reorgs.Count >= MaxReorgHints)
            _reorgs.RemoveAt(0);
        while (_reorgs.Count > 0 && _reorgs[^1].Ancestors > hint.Ancestors)
            _reorgs.RemoveAt(_reorgs.Count - 1);
        _reorgs.Add(hint);
    }
}
