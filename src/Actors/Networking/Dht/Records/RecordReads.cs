using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Actors.Networking.Dht.Records;

/// <summary>Collects the peers that lookups and find-peer replies name.</summary>
internal sealed class PeerSearch(long tag, QueryDefinition definition) : RecordOperation(definition)
{
    private const int MaxFound = 4096;
    private readonly ImmutableArray<FoundPeer>.Builder _found = ImmutableArray.CreateBuilder<FoundPeer>();
    private readonly bool _isLookup = definition.Command == HyperDhtCommand.Lookup.ToDht();

    public override OutgoingRequest? Collect(ReceivedReply reply)
    {
        if (reply.Value is not { } value)
            return null;
        foreach (PeerRecord record in Read(value.Span))
        {
            if (_found.Count < MaxFound)
                _found.Add(new FoundPeer(record, reply.From));
        }

        return null;
    }

    public override HyperDhtProtocol.IEvent Finish(QueryResult result)
        => new HyperDhtProtocol.PeersFound(tag, _found.ToImmutable(), result.Succeeded);

    private IReadOnlyList<PeerRecord> Read(ReadOnlySpan<byte> value)
    {
        if (_isLookup)
            return LookupReply.TryDecode(value, out IReadOnlyList<PeerRecord> peers, out _) ? peers : [];
        return PeerRecord.TryDecode(value, out PeerRecord record) ? [record] : [];
    }
}

/// <summary>Accepts the first value that has the hash.</summary>
internal sealed class ImmutableRead(HyperDhtProtocol.GetImmutable order) : RecordOperation(RecordQueries.GetImmutable(order.Hash))
{
    private ReadOnlyMemory<byte>? _value;
    private PeerAddress? _from;

    public override bool IsSatisfied => _value is not null;

    public override OutgoingRequest? Collect(ReceivedReply reply)
    {
        if (_value is null && reply.Value is { } value && Blake2b.Hash256(value.Span) == order.Hash)
            (_value, _from) = (value, reply.From);
        return null;
    }

    public override HyperDhtProtocol.IEvent Finish(QueryResult result)
        => new HyperDhtProtocol.ValueRead(order.Tag, _value, 0, _from, result.Succeeded);
}

/// <summary>Keeps the signed value with the highest sequence number.</summary>
internal sealed class MutableRead(HyperDhtProtocol.GetMutable order)
    : RecordOperation(RecordQueries.GetMutable(order.Key, order.MinimumSequence))
{
    private MutableValue? _best;
    private PeerAddress? _from;

    public override OutgoingRequest? Collect(ReceivedReply reply)
    {
        if (reply.Value is not { } bytes || !MutableValue.TryDecode(bytes.Span, out MutableValue value))
            return null;
        bool isNewer = value.Sequence >= order.MinimumSequence && (_best is null || value.Sequence > _best.Sequence);
        if (isNewer && value.IsSignedBy(order.Key))
            (_best, _from) = (value, reply.From);
        return null;
    }

    public override HyperDhtProtocol.IEvent Finish(QueryResult result)
        => new HyperDhtProtocol.ValueRead(order.Tag, _best?.Value, _best?.Sequence ?? 0, _from, result.Succeeded);
}
