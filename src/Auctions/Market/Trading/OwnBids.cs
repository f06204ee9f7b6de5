using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>This participant's bids in one auction, from the order until the seller's ruling.</summary>
internal sealed class OwnBids(Signer signer, TimeSpan answerWithin, Action<AuctionEffect> emit)
{
    private readonly Dictionary<Bytes32, OwnBid> _undecided = [];
    private Envelope? _last;

    public TimeSpan? NextDeadline => _undecided.Values.Where(bid => bid.Asker is not null).Select(bid => bid.GiveUpAt).Min();

    /// <summary>Signs a bid and has it written, or answers at once when no seller could accept it.</summary>
    public void Place(Asker asker, AuctionState state, string amount, string code, long nowMilliseconds, TimeSpan now)
    {
        if (state.Terms is not { } terms)
        {
            emit(new AuctionEffect.Decline(asker, RefusalCode.NotFound, state.Unsupported ?? "the auction is not known here"));
            return;
        }

        bool foreign = code.Length > 0 && code != terms.Currency.Code;
        Currency currency = foreign && Currency.TryParse(code, out Currency other) ? other : terms.Currency;
        AmountError error = currency.ParseAmount(amount, out long units);
        if (error != AmountError.None)
            emit(new AuctionEffect.Decline(asker, RefusalCode.Usage, Describe(error, amount, currency), "an amount such as 75.5"));
        else if (state.Seller == signer.Author)
            emit(new AuctionEffect.AnswerBid(asker, Verdict.Self, units, state.Head.Sequence));
        else if (foreign)
            emit(new AuctionEffect.AnswerBid(asker, Verdict.WrongCurrency, units, state.Head.Sequence));
        else if (state.IsTerminal)
            emit(new AuctionEffect.AnswerBid(asker, Verdict.Late, units, state.Head.Sequence));
        else
            Sign(asker, state, new Message.Bid(units, 0, state.Head, ""), nowMilliseconds, now + answerWithin);
    }

    /// <summary>An own bid that is durable: it goes to the seller unless the chain has ruled on it.</summary>
    public void Remember(Envelope bid, AuctionState state)
    {
        if (_last is null || bid.Sequence > _last.Sequence)
            _last = bid;
        if (state.RulingOn(bid.Hash) is not null)
            return;
        _undecided.TryAdd(bid.Hash, new OwnBid(bid, null, null));
        if (state.Terms is not null && !state.IsTerminal)
            emit(new AuctionEffect.Submit(bid));
    }

    /// <summary>Takes up the bids that a former run left undecided, lowest first.</summary>
    public void SubmitAll(AuctionState state)
    {
        if (state.Terms is null)
            return;
        foreach (OwnBid bid in _undecided.Values.Where(bid => state.RulingOn(bid.Envelope.Hash) is null).OrderBy(bid => bid.Envelope.Sequence))
            emit(new AuctionEffect.Submit(bid.Envelope));
    }

    /// <summary>Answers and settles what the chain has ruled on or made pointless.</summary>
    public void HandleState(AuctionState state)
    {
        if (!state.IsKnown)
            return;
        foreach (OwnBid bid in _undecided.Values.ToArray())
        {
            if (state.RulingOn(bid.Envelope.Hash) is { Message: Message.Decision decision } ruling)
                Finish(bid, decision.Verdict, ruling.Sequence);
            else if (state.IsTerminal)
                Finish(bid, Verdict.Late, state.Head.Sequence);
        }
    }

    public void HandleRefused(Bytes32 hash, string reason)
    {
        if (!_undecided.Remove(hash, out OwnBid? bid))
            return;
        emit(new AuctionEffect.Settle(hash));
        if (bid.Asker is { } asker)
            emit(new AuctionEffect.Decline(asker, RefusalCode.Rejected, $"the seller refuses the bid: {reason}"));
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (OwnBid bid in _undecided.Values.Where(bid => bid.Asker is not null && bid.GiveUpAt <= now).ToArray())
        {
            emit(new AuctionEffect.Decline(
                bid.Asker!.Value, RefusalCode.Offline, "the seller has not answered; the bid is kept and sent again when it can be reached"));
            _undecided[bid.Envelope.Hash] = bid with { Asker = null };
        }
    }

    private void Sign(Asker asker, AuctionState state, Message.Bid offer, long nowMilliseconds, TimeSpan giveUpAt)
    {
        BidPlace place = _last is null ? default : BidPlace.After(_last);
        Envelope bid = signer.Bid(state.Id, place, offer, nowMilliseconds);
        _last = bid;
        _undecided.Add(bid.Hash, new OwnBid(bid, asker, giveUpAt));
        emit(new AuctionEffect.Append(bid));
    }

    private void Finish(OwnBid bid, Verdict verdict, ulong sequence)
    {
        _undecided.Remove(bid.Envelope.Hash);
        emit(new AuctionEffect.Settle(bid.Envelope.Hash));
        if (bid.Asker is { } asker)
            emit(new AuctionEffect.AnswerBid(asker, verdict, ((Message.Bid)bid.Envelope.Message).Units, sequence));
    }

    private static string Describe(AmountError error, string amount, Currency currency) => error switch
    {
        AmountError.TooManyDecimals => $"{currency.Code} has {currency.Scale} decimals",
        AmountError.TooLarge => $"{amount} {currency.Code} is more than any auction can count",
        _ => $"'{amount}' is not an amount",
    };

    private sealed record OwnBid(Envelope Envelope, Asker? Asker, TimeSpan? GiveUpAt);
}
