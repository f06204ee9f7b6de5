using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>Limits of a stash.</summary>
public sealed record EnvelopeStashOptions
{
    public int MaxPerAuction { get; init; } = 64;

    public int MaxBytes { get; init; } = 4 * 1024 * 1024;
}

/// <summary>Envelopes of auctions whose opening has not arrived, bounded per auction and altogether.</summary>
public sealed class EnvelopeStash(EnvelopeStashOptions options)
{
    private readonly Dictionary<Bytes32, List<Envelope>> _waiting = [];
    private int _bytes;

    /// <summary>Envelopes that found no room.</summary>
    public long Dropped { get; private set; }

    public int Bytes => _bytes;

    public int AuctionCount => _waiting.Count;

    /// <summary>False when it is full or already holds the envelope.</summary>
    public bool TryAdd(Envelope envelope)
    {
        List<Envelope> waiting = _waiting.GetValueOrDefault(envelope.Auction) ?? [];
        if (waiting.Contains(envelope))
            return false;
        int size = envelope.EncodedSize;
        if (waiting.Count >= options.MaxPerAuction || _bytes + size > options.MaxBytes)
        {
            Dropped++;
            return false;
        }

        waiting.Add(envelope);
        _waiting[envelope.Auction] = waiting;
        _bytes += size;
        return true;
    }

    /// <summary>Removes and returns what waits for an auction, in order of arrival.</summary>
    public ImmutableArray<Envelope> Take(Bytes32 auction)
    {
        if (!_waiting.Remove(auction, out List<Envelope>? waiting))
            return [];
        _bytes -= waiting.Sum(envelope => envelope.EncodedSize);
        return [.. waiting];
    }
}
