using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>Answers the storage commands of a persistent node.</summary>
public sealed class RecordServer
{
    private static readonly RecordAnswer Silence = new RecordAnswer.Silence();
    private static readonly RecordAnswer Accepted = new RecordAnswer.Reply(null, WithTokenAndCloserNodes: false);
    private static readonly RecordAnswer.Reply Nothing = new(null, WithTokenAndCloserNodes: true);
    private readonly RecordOptions _options;
    private readonly RecordStore _store;
    private readonly ForwardTable _forwards;

    public RecordServer(RecordOptions options, RecordStore store, ForwardTable forwards)
    {
        _options = options;
        _store = store;
        _forwards = forwards;
    }

    /// <summary>Requests that were dropped because they were malformed, wrongly signed or for another target.</summary>
    public long DroppedCount { get; private set; }

    /// <param name="nodeId">The persistent id of this node, which announcements are signed for.</param>
    /// <param name="unixMilliseconds">The wall clock that bumps are compared with.</param>
    public RecordAnswer Handle(RecordRequest request, Bytes32 nodeId, ulong unixMilliseconds, TimeSpan now)
    {
        RecordAnswer answer = request.Target is not { } target
            ? Silence
            : request.Command switch
            {
                HyperDhtCommand.FindPeer => FindPeer(target, now),
                HyperDhtCommand.Lookup => Lookup(target, now),
                HyperDhtCommand.Announce => Announce(request, target, nodeId, unixMilliseconds, now),
                HyperDhtCommand.Unannounce => Unannounce(request, target, nodeId),
                HyperDhtCommand.MutablePut => PutMutable(request, target, now),
                HyperDhtCommand.MutableGet => GetMutable(request, target, now),
                HyperDhtCommand.ImmutablePut => PutImmutable(request, target, now),
                HyperDhtCommand.ImmutableGet => WithToken(_store.GetImmutable(target, now)),
                _ => Silence,
            };
        if (answer is RecordAnswer.Silence)
            DroppedCount++;
        return answer;
    }

    private static RecordAnswer.Reply WithToken(ReadOnlyMemory<byte>? value) => value is null ? Nothing : new(value, WithTokenAndCloserNodes: true);

    // A null array would convert to an empty value, which differs on the wire from no value.
    private static RecordAnswer.Reply WithToken(byte[]? value)
        => WithToken(value is null ? (ReadOnlyMemory<byte>?)null : value.AsMemory());

    private RecordAnswer.Reply FindPeer(Bytes32 target, TimeSpan now)
        => WithToken(_forwards.TryFind(target, now, out Forward? forward) ? (ReadOnlyMemory<byte>?)forward.Record : null);

    private RecordAnswer.Reply Lookup(Bytes32 target, TimeSpan now)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> records = _store.Lookup(target, now);
        if (records.Count < _options.MaxRecordsPerReply && _forwards.TryFind(target, now, out Forward? forward))
            records = [.. records, forward.Record];
        return WithToken(records.Count == 0 ? null : LookupReply.Encode(records, _store.BumpOf(target, now)));
    }

    private RecordAnswer Announce(RecordRequest request, Bytes32 target, Bytes32 nodeId, ulong unixMilliseconds, TimeSpan now)
    {
        if (request.Token is not { } token || !TryDecode(request, out AnnounceMessage message))
            return Silence;
        if (message.Peer is null)
            return message.Refresh is { } revealed ? Refresh(revealed, request.From, now) : Silence;
        if (!message.IsSigned(AnnouncePurpose.Announce, new AnnounceScope(target, nodeId, token)))
            return Silence;
        PublicKey publicKey = message.Peer.PublicKey;
        // The signature covers every address the peer listed; only what is kept is trimmed.
        byte[] record = (message.Peer with { RelayAddresses = [.. message.Peer.RelayAddresses.Take(_options.MaxRelayAddresses)] }).Encode();
        RefreshEntry entry = new(target, publicKey, record, PeerRecord.TargetOf(publicKey) == target);
        Keep(entry, request.From, now);
        if (!entry.Self && message.Bump > 0)
            _store.Bump(target, message.Bump, unixMilliseconds, now);
        if (message.Refresh is { } refresh)
            _store.RememberRefresh(refresh, entry, now);
        return Accepted;
    }

    private static bool TryDecode(RecordRequest request, out AnnounceMessage message)
        => AnnounceMessage.TryDecode(request.Value is { } value ? value.Span : [], out message);

    private RecordAnswer Refresh(Bytes32 revealed, PeerAddress from, TimeSpan now)
    {
        if (_store.TakeRefresh(revealed, now) is not { } entry)
            return Silence;
        Keep(entry, from, now);
        return Accepted;
    }

    private void Keep(RefreshEntry entry, PeerAddress from, TimeSpan now)
    {
        if (!entry.Self)
        {
            _store.Announce(entry.Target, entry.PublicKey, entry.Record, now);
            return;
        }

        _forwards.Announce(entry.Target, from, entry.Record, now);
        _store.Unannounce(entry.Target, entry.PublicKey);
    }

    private RecordAnswer Unannounce(RecordRequest request, Bytes32 target, Bytes32 nodeId)
    {
        if (request.Token is not { } token || !TryDecode(request, out AnnounceMessage message))
            return Silence;
        if (message.Peer is null || !message.IsSigned(AnnouncePurpose.Unannounce, new AnnounceScope(target, nodeId, token)))
            return Silence;
        if (PeerRecord.TargetOf(message.Peer.PublicKey) == target)
            _forwards.Unannounce(target);
        _store.Unannounce(target, message.Peer.PublicKey);
        return Accepted;
    }

    // To upstream an empty value is none.
    private RecordAnswer PutMutable(RecordRequest request, Bytes32 target, TimeSpan now)
    {
        if (request.Token is null || request.Value is not { } value || !MutablePut.TryDecode(value.Span, out MutablePut put))
            return Silence;
        if (put.Value.Value.IsEmpty || PeerRecord.TargetOf(put.PublicKey) != target || !put.Value.IsSignedBy(put.PublicKey))
            return Silence;
        return _store.PutMutable(target, put.Value, now) is { } error ? new RecordAnswer.Refusal(error) : WithToken((byte[]?)null);
    }

    private RecordAnswer GetMutable(RecordRequest request, Bytes32 target, TimeSpan now)
    {
        if (request.Value is not { } value || !new CompactReader(value.Span).TryUInt(out ulong sequence))
            return Silence;
        return WithToken(_store.GetMutable(target, sequence, now)?.Encode());
    }

    private RecordAnswer PutImmutable(RecordRequest request, Bytes32 target, TimeSpan now)
    {
        if (request.Token is null || request.Value is not { IsEmpty: false } value || Blake2b.Hash256(value.Span) != target)
            return Silence;
        _store.PutImmutable(target, value.ToArray(), now);
        return WithToken((byte[]?)null);
    }
}
