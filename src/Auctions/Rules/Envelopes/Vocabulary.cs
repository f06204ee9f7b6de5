namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>A seller's answer to a bid, numbered as on the wire.</summary>
public enum Verdict
{
    Accept = 0,
    Low = 1,
    Early = 2,
    Late = 3,
    Self = 4,
    NotAllowed = 5,
    BadChain = 6,
    WrongCurrency = 7,
    Quantity = 8,
    DuplicateCommit = 9,
    BadReveal = 10,
    Unwitnessed = 11,
}

/// <summary>How an auction ended, numbered as on the wire.</summary>
public enum Outcome
{
    Sold = 0,
    NoBids = 1,
    ReserveNotMet = 2,
}

/// <summary>A breach of the rules that others can check, numbered as on the wire.</summary>
public enum FaultKind
{
    Equivocation = 0,
    Rewrite = 1,
    BadDecision = 2,
    BadClose = 3,
    Term = 4,
    Censored = 5,
    NoReveal = 6,
    SelfBid = 7,
    DoubleCommit = 8,
    WitnessLie = 9,
}

/// <summary>The words people read for the protocol's numbers.</summary>
public static class VocabularyText
{
    public static string ToText(this Verdict verdict) => verdict switch
    {
        Verdict.Accept => "ACCEPTED",
        Verdict.NotAllowed => "NOT_ALLOWED",
        Verdict.BadChain => "BAD_CHAIN",
        Verdict.WrongCurrency => "WRONG_CURRENCY",
        Verdict.Quantity => "QTY",
        Verdict.DuplicateCommit => "DUP_COMMIT",
        Verdict.BadReveal => "BAD_REVEAL",
        _ => verdict.ToString().ToUpperInvariant(),
    };

    public static string ToText(this Outcome outcome) => outcome switch
    {
        Outcome.NoBids => "NO_BIDS",
        Outcome.ReserveNotMet => "RESERVE_NOT_MET",
        _ => "SOLD",
    };

    public static string ToText(this FaultKind kind) => kind switch
    {
        FaultKind.BadDecision => "BAD_DECISION",
        FaultKind.BadClose => "BAD_CLOSE",
        FaultKind.NoReveal => "NO_REVEAL",
        FaultKind.SelfBid => "SELF_BID",
        FaultKind.DoubleCommit => "DOUBLE_COMMIT",
        FaultKind.WitnessLie => "WITNESS_LIE",
        _ => kind.ToString().ToUpperInvariant(),
    };
}
