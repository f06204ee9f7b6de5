using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Auctions.Rules.Deciding;

/// <summary>What a seller does about a request.</summary>
/// <param name="Append">To write and flush before anybody hears of it; empty when nothing changes.</param>
/// <param name="State">The state once that is written.</param>
public sealed record Ruling(ImmutableArray<Envelope> Append, Answer Answer, AuctionState State);

/// <summary>What the asker hears; a closed set.</summary>
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A chained ruling, new or given before: the same bid gets the same answer for ever.</summary>
    public sealed record Decided(Envelope Decision, Verdict Verdict) : Answer;

    /// <summary>The auction had ended; the envelope that ended it.</summary>
    public sealed record Ended(Envelope Last) : Answer;

    /// <summary>Done as asked: opened, closed or cancelled.</summary>
    public sealed record Done(Envelope Envelope) : Answer;

    /// <summary>The bid's predecessors in its author's chain are missing here; it can be sent again after them.</summary>
    public sealed record Waiting(ulong NextSequence) : Answer;

    /// <summary>Not a request this auction can answer.</summary>
    public sealed record Refused(string Reason) : Answer;
}
