using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>What a participant knows of all its auctions, in order of arrival, and the names of the people in them.</summary>
public sealed class AuctionDirectory(PublicKey self)
{
    /// <summary>Names remembered for other peers.</summary>
    public const int MaxNames = 4096;

    private readonly Dictionary<Bytes32, AuctionState> _states = [];
    private readonly Dictionary<PublicKey, string> _names = [];

    public int Count => _states.Count;

    /// <summary>Auctions whose terms are known and can be run.</summary>
    public ImmutableArray<AuctionSummary> Summaries => [.. _states.Values.Where(state => state.Terms is not null).Select(Summarize)];

    public ImmutableArray<AuctionDigest> Digests =>
        [.. _states.Values.Where(state => state.Terms is not null)
            .Select(state => new AuctionDigest(state.Id, state.Head.Sequence, AuctionView.Of(state).Digest()))];

    public AuctionState? Find(Bytes32 auction) => _states.GetValueOrDefault(auction);

    /// <summary>Keeps the newer state and gives what it tells beyond the older.</summary>
    public ImmutableArray<ParticipantProtocol.IEvent> Update(AuctionState state)
    {
        AuctionState before = _states.GetValueOrDefault(state.Id) ?? AuctionState.Unknown(state.Id, state.Network);
        _states[state.Id] = state;
        return state.Terms is null ? [] : AuctionNews.Between(before, state, this, self);
    }

    public void Name(PublicKey key, string name)
    {
        if (_names.Count < MaxNames || _names.ContainsKey(key))
            _names[key] = name;
    }

    /// <summary>The name a peer goes by: with a part of its key when another has the same, and that part alone when it has told none.</summary>
    public string NameOf(PublicKey key)
    {
        if (!_names.TryGetValue(key, out string? name))
            return key.ToShort();
        return _names.Any(other => other.Value == name && other.Key != key) ? $"{name}·{key.ToShort()}" : name;
    }

    public AuctionSummary Summarize(AuctionState state) => new(
        state.Id,
        state.Seller,
        NameOf(state.Seller),
        state.Terms!.Item,
        state.Terms.Title,
        state.Terms.Currency,
        state.Status,
        state.Terms.StartUnits,
        state.High?.Units,
        state.High?.Bidder,
        state.High is { } high ? NameOf(high.Bidder) : "",
        state.Need,
        state.EndsAt,
        state.Result,
        state.Result is { Outcome: Rules.Envelopes.Outcome.Sold } sold ? NameOf(sold.Winner) : "",
        state.Head.Sequence,
        state.Accepts,
        state.Rejects,
        [.. state.Faults],
        AuctionView.Of(state).Digest(),
        state.Terms.Core,
        state.Seller == self);
}
