using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>What an envelope says; a closed set.</summary>
public abstract record Message
{
    private Message()
    {
    }

    /// <summary>A seller opens an auction; it is the first of its chain.</summary>
    public sealed record Open(AuctionTerms Terms) : Message;

    /// <summary>An opening whose terms this version cannot run, with the reason.</summary>
    public sealed record UnsupportedOpen(string Reason) : Message;

    /// <summary>A bidder offers <paramref name="Units"/>; <paramref name="Saw"/> pins the seller's head it had verified.</summary>
    /// <param name="Code">Empty for the currency of the terms.</param>
    public sealed record Bid(long Units, uint Quantity, ChainHead Saw, string Code) : Message;

    /// <summary>The seller's ruling on one bid.</summary>
    /// <param name="Subject">Null when the embedded envelope is not a validly signed bid.</param>
    /// <param name="DecidedAt">The time the bid counts for, UTC milliseconds.</param>
    /// <param name="EndAfter">The auction's end after the ruling, zero when it has none.</param>
    public sealed record Decision(Envelope? Subject, Verdict Verdict, long DecidedAt, long EndAfter) : Message;

    /// <summary>The seller's result.</summary>
    public sealed record Close(Outcome Outcome, PublicKey Winner, Bytes32 WinningBid, long PriceUnits) : Message;

    /// <summary>The seller withdraws an auction that has no accepted bid.</summary>
    public sealed record Cancel(string Reason) : Message;

    /// <summary>What somebody knows of a seller's chain; not chained.</summary>
    /// <param name="Newest">The seller's envelope at that head, null when it was not sent or is not one.</param>
    public sealed record HeadNote(PublicKey Seller, ChainHead Head, Envelope? Newest, ulong CoreLength, ulong CoreFork) : Message;

    /// <summary>Evidence that somebody broke the rules; not chained.</summary>
    public sealed record Fault(FaultKind Kind, ImmutableArray<Envelope> Evidence) : Message;

    /// <summary>The name a peer goes by; not chained and outside every auction.</summary>
    public sealed record Profile(string Name) : Message;

    /// <summary>A message that this version does not interpret: chained, without effect.</summary>
    public sealed record Opaque(int Field) : Message;

    /// <summary>Whether the message has its place in its author's chain.</summary>
    public bool IsChained => this is not (HeadNote or Fault or Profile);
}

/// <summary>A position in a seller's chain.</summary>
public readonly record struct ChainHead(ulong Sequence, Bytes32 Hash);
