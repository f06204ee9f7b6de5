using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>The fold that sellers, bidders, observers and auditors share: pure, without a clock, and indifferent to the order of delivery.</summary>
public static class AuctionFold
{
    /// <summary>The state after one more envelope; the same state when it adds nothing.</summary>
    public static AuctionState Apply(AuctionState state, Envelope envelope)
    {
        if (envelope.Content.Network != state.Network)
            return state;
        AuctionState next = Take(state, envelope);
        if (ReferenceEquals(next, state))
            return state;
        while (NextPending(next) is { } waiting)
            next = Take(next with { Pending = next.Pending.Remove(waiting) }, waiting);
        return next;
    }

    public static AuctionState ApplyAll(AuctionState state, IEnumerable<Envelope> envelopes)
        => envelopes.Aggregate(state, Apply);

    private static AuctionState Take(AuctionState state, Envelope envelope) => envelope.Message switch
    {
        Message.Fault fault when envelope.Auction == state.Id => TakeEvidence(state, fault.Evidence),
        Message.HeadNote { Newest: { } newest } => newest.Auction == state.Id ? Take(state, newest) : state,
        _ when envelope.Auction != state.Id || !envelope.Message.IsChained => state,
        Message.Open open => state.IsKnown ? state : ChainFold.Begin(state, envelope, open.Terms),
        Message.UnsupportedOpen open => state.IsKnown ? state : ChainFold.BeginUnsupported(state, envelope, open.Reason),
        _ when !state.IsKnown => Keep(state, envelope),
        _ when envelope.Author == state.Seller => TakeFromSeller(state, envelope),
        Message.Bid => ChainFold.NoteBid(state, envelope),
        _ => state,
    };

    private static AuctionState TakeFromSeller(AuctionState state, Envelope envelope)
    {
        if (envelope.Sequence < (ulong)state.Chain.Count)
        {
            Envelope known = state.Chain[(int)envelope.Sequence];
            return known.Hash == envelope.Hash ? state : Fork(state, known, envelope);
        }

        if (envelope.Sequence >= state.ForkedAt)
            return state;
        bool isNext = envelope.Sequence == (ulong)state.Chain.Count && envelope.Content.Previous == state.Head.Hash;
        return isNext ? ChainFold.Extend(state, envelope) : KeepOrFork(state, envelope);
    }

    /// <summary>Two envelopes that wait for the same place prove a fork as well as two that were taken.</summary>
    private static AuctionState KeepOrFork(AuctionState state, Envelope envelope)
    {
        Envelope? rival = state.Pending.Find(other => other.Author == envelope.Author && other.Sequence == envelope.Sequence);
        return rival is null || rival.Hash == envelope.Hash ? Keep(state, envelope) : Fork(state, rival, envelope);
    }

    private static AuctionState Keep(AuctionState state, Envelope envelope)
        => state.Pending.Count >= AuctionState.MaxPending || state.Pending.Contains(envelope)
            ? state
            : state with { Pending = state.Pending.Add(envelope) };

    /// <summary>A void auction stands at the prefix that all branches share, so peers that know different branches agree.</summary>
    private static AuctionState Fork(AuctionState state, Envelope one, Envelope other)
    {
        ulong place = one.Sequence;
        if (state.ForkedAt <= place)
            return state;
        AuctionState prefix = AuctionState.Unknown(state.Id, state.Network);
        foreach (Envelope envelope in state.Chain.Take((int)Math.Min(place, (ulong)state.Chain.Count)))
            prefix = Apply(prefix, envelope);
        return prefix with
        {
            Seller = state.Seller,
            ForkedAt = place,
            ForkEvidence = one.Hash < other.Hash ? [one, other] : [other, one],
            Pending = state.Pending.RemoveAll(waiting => waiting.Sequence >= place),
            BidHashes = state.BidHashes,
            BidderFaults = state.BidderFaults,
        };
    }

    private static AuctionState TakeEvidence(AuctionState state, ImmutableArray<Envelope> evidence)
        => evidence.Aggregate(state, Apply);

    private static Envelope? NextPending(AuctionState state)
        => state.IsKnown
            ? state.Pending.Find(waiting => waiting.Author != state.Seller || waiting.Sequence <= (ulong)state.Chain.Count
                && (waiting.Sequence < (ulong)state.Chain.Count || waiting.Content.Previous == state.Head.Hash))
            : null;
}
