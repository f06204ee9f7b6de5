using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>Everything a persistent node keeps for others: announcements, bumps, refreshes, mutable and immutable values.</summary>
public sealed class RecordStore
{
    private readonly RecordOptions _options;
    private readonly IEntropy _entropy;
    private readonly AnnouncementTable _announcements;
    private readonly GenerationCache<ulong> _bumps;
    private readonly GenerationCache<RefreshEntry> _refreshes;
    private readonly GenerationCache<MutableValue> _mutables;
    private readonly GenerationCache<byte[]> _immutables;

    public RecordStore(RecordOptions options, IEntropy entropy)
    {
        _options = options;
        _entropy = entropy;
        _announcements = new AnnouncementTable(options.MaxAnnouncements, options.AnnouncementLifetime);
        _bumps = new GenerationCache<ulong>(options.MaxAnnouncements, options.AnnouncementLifetime);
        _refreshes = new GenerationCache<RefreshEntry>(options.MaxAnnouncements, options.AnnouncementLifetime);
        _mutables = new GenerationCache<MutableValue>(options.MaxValues, options.ValueLifetime);
        _immutables = new GenerationCache<byte[]>(options.MaxValues, options.ValueLifetime);
    }

    /// <summary>Random records of a topic, at most as many as one reply takes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Lookup(Bytes32 topic, TimeSpan now)
        => _announcements.Sample(topic, _options.MaxRecordsPerReply, _entropy, now);

    public ulong BumpOf(Bytes32 topic, TimeSpan now) => _bumps.TryGet(topic, now, out ulong bump) ? bump : 0;

    public void Announce(Bytes32 topic, PublicKey publicKey, byte[] record, TimeSpan now)
        => _announcements.Add(topic, publicKey, record, now);

    public void Unannounce(Bytes32 topic, PublicKey publicKey) => _announcements.Remove(topic, publicKey);

    /// <summary>Keeps a bump that is later than the one known and not too far in the future.</summary>
    public void Bump(Bytes32 topic, ulong bump, ulong unixMilliseconds, TimeSpan now)
    {
        if (bump > BumpOf(topic, now) && bump <= unixMilliseconds + (ulong)_options.MaxBumpDrift.TotalMilliseconds)
            _bumps.Set(topic, bump, now);
    }

    public void PutImmutable(Bytes32 target, byte[] value, TimeSpan now) => _immutables.Set(target, value, now);

    public byte[]? GetImmutable(Bytes32 target, TimeSpan now) => _immutables.TryGet(target, now, out byte[]? value) ? value : null;

    /// <summary>The error upstream gives, or nothing when the value was stored.</summary>
    public StorageError? PutMutable(Bytes32 target, MutableValue value, TimeSpan now)
    {
        if (_mutables.TryGet(target, now, out MutableValue? known))
        {
            if (known.Sequence == value.Sequence && !known.Value.Span.SequenceEqual(value.Value.Span))
                return StorageError.SequenceReused;
            if (value.Sequence < known.Sequence)
                return StorageError.SequenceTooLow;
        }

        _mutables.Set(target, value, now);
        return null;
    }

    public MutableValue? GetMutable(Bytes32 target, ulong minimumSequence, TimeSpan now)
        => _mutables.TryGet(target, now, out MutableValue? value) && value.Sequence >= minimumSequence ? value : null;

    internal void RememberRefresh(Bytes32 refresh, RefreshEntry entry, TimeSpan now) => _refreshes.Set(refresh, entry, now);

    /// <summary>Finds the entry whose key is the hash of the revealed token, and keys it under that token from now on.</summary>
    internal RefreshEntry? TakeRefresh(Bytes32 revealed, TimeSpan now)
    {
        Bytes32 active = Blake2b.Hash256(revealed.Span);
        if (!_refreshes.TryGet(active, now, out RefreshEntry? entry))
            return null;
        _refreshes.Remove(active);
        _refreshes.Set(revealed, entry, now);
        return entry;
    }
}

/// <summary>An announcement that can be renewed by revealing the next token of a hash chain.</summary>
internal sealed record RefreshEntry(Bytes32 Target, PublicKey PublicKey, byte[] Record, bool Self);
