using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>One participant's part in one auction: rules as its seller, bids as a bidder, and folds what it hears in any case.</summary>
public sealed class AuctionMachine
{
    /// <summary>Replication fills most gaps sooner than this.</summary>
    public static readonly TimeSpan CatchUpAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>The seller is asked again for what is still missing.</summary>
    public static readonly TimeSpan CatchUpAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Signer _signer;
    private readonly Queue<AuctionEffect> _effects = [];
    private readonly Dictionary<Bytes32, List<Asker>> _waiting = [];
    private readonly OwnBids _own;

    // The seller rules on what it has decided, also before that is durable; everybody else hears only of what is.
    private AuctionState _decided;
    private TimeSpan? _catchUpAt;

    public AuctionMachine(Bytes32 auction, Signer signer, TimeSpan answerWithin)
    {
        _signer = signer;
        _own = new OwnBids(signer, answerWithin, _effects.Enqueue);
        _decided = State = AuctionState.Unknown(auction, signer.Network);
    }

    /// <summary>What is durable here or came from others.</summary>
    public AuctionState State { get; private set; }

    /// <summary>When the oldest unanswered local bid is given up, or the seller asked to fill a gap.</summary>
    public TimeSpan? NextDeadline => _own.NextDeadline is { } giveUpAt && (_catchUpAt is null || giveUpAt < _catchUpAt) ? giveUpAt : _catchUpAt;

    public bool TryTake(out AuctionEffect effect) => _effects.TryDequeue(out effect!);

    /// <summary>An envelope from a core, a remote answer or a replay.</summary>
    public void HandleEnvelope(Envelope envelope, TimeSpan now)
    {
        AuctionState before = State;
        State = AuctionFold.Apply(State, envelope);
        _decided = ReferenceEquals(_decided, before) ? State : AuctionFold.Apply(_decided, envelope);
        bool isOwnBid = envelope.Author == _signer.Author && envelope.Message is Message.Bid;
        if (isOwnBid)
            _own.Remember(envelope, State);
        if (ReferenceEquals(before, State))
            return;
        _effects.Enqueue(new AuctionEffect.Change(State));
        if (!before.IsKnown)
            _own.SubmitAll(State);
        _own.HandleState(State);
        if (!State.IsKnown || State.Pending.Count == 0)
            _catchUpAt = null;
        else
            _catchUpAt ??= now + CatchUpAfter;
    }

    /// <summary>A remote bid for this participant as the seller.</summary>
    public void HandleBid(Asker asker, Envelope bid, long nowMilliseconds)
        => Rule(SellerRules.Decide(_decided, bid, _signer, nowMilliseconds), asker);

    /// <summary>Opens the auction with the envelope its id comes from.</summary>
    public void HandleOpen(Asker asker, Envelope opening)
    {
        _decided = AuctionFold.Apply(_decided, opening);
        Append(opening, asker);
    }

    public void HandleClose(Asker asker, long nowMilliseconds)
        => Rule(SellerRules.Close(_decided, _signer, nowMilliseconds), asker);

    public void HandleCancel(Asker asker, string reason, long nowMilliseconds)
        => Rule(SellerRules.Cancel(_decided, _signer, reason, nowMilliseconds), asker);

    /// <summary>A local order to bid.</summary>
    public void HandlePlace(Asker asker, string amount, string code, long nowMilliseconds, TimeSpan now)
        => _own.Place(asker, State, amount, code, nowMilliseconds, now);

    /// <summary>The envelope is durable in the own core.</summary>
    public void HandleAppended(Envelope envelope, TimeSpan now)
    {
        HandleEnvelope(envelope, now);
        if (!_waiting.Remove(envelope.Hash, out List<Asker>? askers))
            return;
        foreach (Asker asker in askers)
            AnswerDurable(asker, envelope);
    }

    /// <summary>The seller refuses the bid for good.</summary>
    public void HandleRefused(Bytes32 bid, string reason) => _own.HandleRefused(bid, reason);

    public void HandleTimeout(TimeSpan now)
    {
        _own.HandleTimeout(now);
        if (_catchUpAt is not { } at || now < at)
            return;
        _effects.Enqueue(new AuctionEffect.CatchUp((ulong)State.Chain.Count));
        _catchUpAt = now + CatchUpAgainAfter;
    }

    private void Rule(Ruling ruling, Asker asker)
    {
        _decided = ruling.State;
        if (ruling.Append is [Envelope appended])
        {
            Append(appended, asker);
            return;
        }

        switch (ruling.Answer)
        {
            case Answer.Decided decided:
                AnswerOnceDurable(asker, decided.Decision);
                break;
            case Answer.Ended ended:
                AnswerOnceDurable(asker, ended.Last);
                break;
            case Answer.Waiting waiting:
                _effects.Enqueue(new AuctionEffect.Refuse(asker, false, $"send bid {waiting.NextSequence} of your chain first"));
                break;
            case Answer.Refused refused:
                _effects.Enqueue(asker.IsRemote
                    ? new AuctionEffect.Refuse(asker, true, refused.Reason)
                    : new AuctionEffect.Decline(asker, RefusalCode.Rejected, refused.Reason));
                break;
            default:
                throw new InvalidOperationException($"a ruling without an envelope cannot answer {ruling.Answer}");
        }
    }

    private void Append(Envelope envelope, Asker asker)
    {
        _waiting[envelope.Hash] = [asker];
        _effects.Enqueue(new AuctionEffect.Append(envelope));
    }

    private void AnswerOnceDurable(Asker asker, Envelope envelope)
    {
        if (_waiting.TryGetValue(envelope.Hash, out List<Asker>? askers))
            askers.Add(asker);
        else
            AnswerDurable(asker, envelope);
    }

    private void AnswerDurable(Asker asker, Envelope envelope)
        => _effects.Enqueue(asker.IsRemote ? new AuctionEffect.Answer(asker, envelope) : new AuctionEffect.Done(asker));
}
