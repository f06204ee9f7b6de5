using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>Somebody who waits for an answer of an auction; numbered by the auction's owner.</summary>
/// <param name="IsRemote">Whether it called over the network, and so wants an envelope.</param>
public readonly record struct Asker(long Number, bool IsRemote);

/// <summary>What an auction wants done; a closed set.</summary>
public abstract record AuctionEffect
{
    private AuctionEffect()
    {
    }

    /// <summary>Write the envelope to the own core and flush, then say so.</summary>
    public sealed record Append(Envelope Envelope) : AuctionEffect;

    /// <summary>Bring an own bid to the seller until it is settled.</summary>
    public sealed record Submit(Envelope Bid) : AuctionEffect;

    /// <summary>The own bid needs no more sending.</summary>
    public sealed record Settle(Bytes32 Bid) : AuctionEffect;

    /// <summary>What is durable or heard of has changed.</summary>
    public sealed record Change(AuctionState State) : AuctionEffect;

    /// <summary>The seller's chain has a gap here: ask it for what follows a place.</summary>
    public sealed record CatchUp(ulong From) : AuctionEffect;

    /// <summary>Answer a remote call with an envelope.</summary>
    public sealed record Answer(Asker Asker, Envelope Envelope) : AuctionEffect;

    /// <summary>Refuse a remote call; <paramref name="IsFinal"/> tells the caller not to try again.</summary>
    public sealed record Refuse(Asker Asker, bool IsFinal, string Reason) : AuctionEffect;

    /// <summary>Tell a local asker the ruling on its bid.</summary>
    public sealed record AnswerBid(Asker Asker, Verdict Verdict, long Units, ulong Sequence) : AuctionEffect;

    /// <summary>Tell a local asker that the auction is opened, closed or cancelled.</summary>
    public sealed record Done(Asker Asker) : AuctionEffect;

    /// <summary>Tell a local asker why nothing was done.</summary>
    public sealed record Decline(Asker Asker, RefusalCode Code, string Message, string? Expected = null) : AuctionEffect;
}
