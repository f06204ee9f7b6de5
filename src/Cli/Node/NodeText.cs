using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Cli.Node;

/// <summary>What a node says to people, one line each.</summary>
internal static class NodeText
{
    public static string Ready(ParticipantIdentity self)
        => $"rpc server listening on public key: {self.PublicKey}\n{self.Name}   port {self.Port}   core {self.CoreKey.ToShort()}…   bee {self.BeeKey.ToShort()}…";

    public static string Opened(ParticipantProtocol.Opened opened)
        => $"opened  {AuctionReference.NameOf(opened.Auction)}   id {ShortId(opened.Auction)}   start {Money(opened.Auction, opened.Auction.StartUnits)}"
            + $"   {Closing(opened.Auction)}   announced to {Peers(opened.PeersTold)}";

    public static string Answer(ParticipantProtocol.BidAnswered answer, string reference)
    {
        AuctionSummary auction = answer.Auction;
        if (answer.Verdict == Verdict.Accept)
        {
            string lead = auction.HighUnits == answer.Units ? "you lead" : $"{auction.LeaderName} leads with {Money(auction, auction.HighUnits ?? 0)}";
            return $"ACCEPTED  {Money(auction, answer.Units)}   seq {answer.Sequence}   {lead}";
        }

        return $"REJECTED {answer.Verdict.ToText()}{Explain(answer, reference)}";
    }

    public static string Closed(ParticipantProtocol.Closed closed)
        => $"CLOSED  {AuctionReference.NameOf(closed.Auction)}   {Result(closed.Auction)}    "
            + $"notified {Peers(closed.PeersTold)}, acks {closed.PeersAcknowledged}/{closed.PeersTold}";

    public static string? Event(ParticipantProtocol.IEvent news) => news switch
    {
        ParticipantProtocol.AuctionOpened { Auction: { IsOwn: false } auction }
            => $"found  {AuctionReference.NameOf(auction)}   id {ShortId(auction)}   start {Money(auction, auction.StartUnits)}   {Closing(auction)}",
        ParticipantProtocol.Outbid outbid
            => $"OUTBID on {outbid.Auction.Item}: {outbid.Auction.Currency.Format(outbid.Units)} by {outbid.Auction.LeaderName}",
        ParticipantProtocol.AuctionClosed { Auction: { IsOwn: false } auction }
            => $"CLOSED {AuctionReference.NameOf(auction)}  {Result(auction)}  verified ✓ digest {auction.Digest.ToHex()[..8]}…",
        ParticipantProtocol.FaultFound fault
            => $"{fault.Auction.Status.ToText()} {AuctionReference.NameOf(fault.Auction)}  {fault.Fault.Kind.ToText()} "
                + $"by {fault.Fault.Author.ToShort()}… at seq {fault.Fault.Sequence}",
        _ => null,
    };

    /// <summary>For those who watch the auction.</summary>
    public static string Bid(ParticipantProtocol.BidDecided bid, string bidder)
        => $"{AuctionReference.NameOf(bid.Auction)}  seq {bid.Sequence}  {bid.Verdict.ToText()} {Money(bid.Auction, bid.Units)} by {bidder}";

    public static string Line(int number, AuctionSummary auction)
    {
        string price = auction.HighUnits is { } high ? $"high {Money(auction, high)} by {auction.LeaderName}" : $"start {Money(auction, auction.StartUnits)}";
        string outcome = auction.Status is AuctionStatus.Closed or AuctionStatus.Disputed ? Result(auction) : price;
        string state = $"{auction.Status.ToText()}  {outcome}";
        return $"#{number}  {ShortId(auction)}  {AuctionReference.NameOf(auction)}  {state}";
    }

    public static IEnumerable<string> Show(AuctionSummary auction, IEnumerable<Envelope> chain)
    {
        yield return $"{AuctionReference.NameOf(auction)}  {auction.Status.ToText()}  {Result(auction)}";
        yield return $"  id {auction.Id}";
        yield return $"  seller {auction.Seller}  core {auction.Core}";
        yield return $"  start {Money(auction, auction.StartUnits)}  {Closing(auction)}  unwitnessed";
        yield return $"  need {Money(auction, auction.NeedUnits)}  accepted {auction.Accepts}  rejected {auction.Rejects}  digest {auction.Digest}";
        foreach (Envelope envelope in chain)
            yield return $"  {envelope.Sequence,4}  {Describe(auction, envelope)}";
    }

    public static string Audit(AuctionSummary auction, AuditReport report) => report.Verdict switch
    {
        AuditVerdict.Ok => $"OK  {Tally(report)}, {(Result(auction) is { Length: > 0 } result ? $"winner recomputed {result}" : "still open")}, "
            + $"digest {report.Digest.ToHex()[..8]}…",
        AuditVerdict.Fault => $"FAULT  {string.Join(", ", auction.Faults.Select(fault => $"{fault.Kind.ToText()} at seq {fault.Sequence}"))}",
        _ => $"INCOMPLETE  missing {string.Join(", ", report.Missing)}",
    };

    public static string Money(AuctionSummary auction, long units) => $"{auction.Currency.Format(units)} {auction.Currency.Code}";

    private static string Result(AuctionSummary auction) => auction.Result switch
    {
        { Outcome: Outcome.Sold } sold => $"SOLD  {auction.WinnerName}->{Money(auction, sold.PriceUnits)}",
        { } other => other.Outcome.ToText(),
        null => auction.Status == AuctionStatus.Cancelled ? "CANCELLED" : "",
    };

    private static string Explain(ParticipantProtocol.BidAnswered answer, string reference)
    {
        AuctionSummary auction = answer.Auction;
        return answer.Verdict switch
        {
            Verdict.Low when auction.HighUnits is { } high
                => $": need ≥ {Money(auction, answer.NeedUnits)} (high {auction.Currency.Format(high)} by {auction.LeaderName}). "
                    + $"Try: bid {reference} {Round(auction.Currency, answer.NeedUnits)}",
            Verdict.Low => $": need ≥ {Money(auction, answer.NeedUnits)} (the start price). Try: bid {reference} {auction.Currency.Format(answer.NeedUnits)}",
            Verdict.Late => $": closed at seq {auction.Sequence}, {Result(auction)}",
            Verdict.Self => ": a seller cannot bid on its own auction",
            Verdict.WrongCurrency => $": the auction is in {auction.Currency.Code}. "
                + $"Try: bid {reference} {Round(auction.Currency, answer.NeedUnits)} {auction.Currency.Code}",
            Verdict.NotAllowed => ": the seller has named who may bid, and you are not among them",
            Verdict.Early => ": the auction has not begun",
            _ => "",
        };
    }

    /// <summary>Rounded up to two decimals, for typing.</summary>
    private static string Round(Currency currency, long units)
    {
        long step = 1;
        for (int scale = currency.Scale; scale > 2; scale--)
            step *= 10;
        return currency.Format((units + step - 1) / step * step);
    }

    private static string Describe(AuctionSummary auction, Envelope envelope) => envelope.Message switch
    {
        Message.Decision { Subject: { Message: Message.Bid offer } bid } decision
            => $"{decision.Verdict.ToText()} {Money(auction, offer.Units)} by {bid.Author.ToShort()}…",
        Message.Open => "opened",
        Message.Close close => $"closed {close.Outcome.ToText()}",
        Message.Cancel cancel => $"cancelled {cancel.Reason}",
        var other => other.GetType().Name,
    };

    private static string Closing(AuctionSummary auction)
        => auction.EndsAt == 0 ? "manual close" : $"ends {DateTimeOffset.FromUnixTimeMilliseconds(auction.EndsAt):yyyy-MM-dd HH:mm:ss}Z";

    private static string ShortId(AuctionSummary auction) => auction.Id.ToHex()[..8];

    /// <summary>What an audit has looked at.</summary>
    public static string Tally(AuditReport report)
        => $"{Count(report.Events, "event")}, {Count(report.Bids, "bid")}, {Count(report.Signatures, "signature")}";

    private static string Peers(int count) => Count(count, "peer");

    private static string Count(long count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
