using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>Everything that follows from the envelopes seen of one auction; changed only by <see cref="AuctionFold"/>.</summary>
public sealed record AuctionState
{
    /// <summary>Envelopes kept until their predecessors arrive.</summary>
    public const int MaxPending = 64;

    private AuctionState()
    {
    }

    public required Bytes32 Id { get; init; }

    public required Bytes32 Network { get; init; }

    /// <summary>Null until the opening is known, and when its terms are out of this version's reach.</summary>
    public AuctionTerms? Terms { get; init; }

    /// <summary>Why the terms cannot be run, null when they can.</summary>
    public string? Unsupported { get; init; }

    public PublicKey Seller { get; init; }

    public AuctionStatus Status => ForkedAt is null ? Phase : AuctionStatus.Void;

    /// <summary>The seller's envelopes, gapless from the opening.</summary>
    public ImmutableList<Envelope> Chain { get; init; } = [];

    /// <summary>Envelopes that came before those they build on.</summary>
    public ImmutableList<Envelope> Pending { get; init; } = [];

    /// <summary>UTC milliseconds, zero for an auction its seller closes.</summary>
    public long EndsAt { get; init; }

    public HighBid? High { get; init; }

    public uint Accepts { get; init; }

    public uint Rejects { get; init; }

    /// <summary>The result as recomputed here, null while there is none to assert.</summary>
    public AuctionResult? Result => ForkedAt is null ? Recomputed : null;

    public ImmutableSortedSet<FaultKey> Faults => ForkedAt is not { } place
        ? SellerFaults.Union(BidderFaults)
        : SellerFaults.Union(BidderFaults).Add(new FaultKey(FaultKind.Equivocation, Seller, place));

    /// <summary>Whether the seller has closed or cancelled, rightly or not.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The lowest place at which the seller is known to have signed twice.</summary>
    public ulong? ForkedAt { get; init; }

    /// <summary>The two envelopes that prove the fork.</summary>
    public ImmutableArray<Envelope> ForkEvidence { get; init; } = [];

    /// <summary>The status that the chain alone gives.</summary>
    internal AuctionStatus Phase { get; init; }

    internal AuctionResult? Recomputed { get; init; }

    internal ImmutableSortedSet<FaultKey> SellerFaults { get; init; } = [];

    internal ImmutableSortedSet<FaultKey> BidderFaults { get; init; } = [];

    /// <summary>Place of the ruling on each bid by the bid's hash; looked up, never listed.</summary>
    internal ImmutableDictionary<Bytes32, ulong> Rulings { get; init; } = ImmutableDictionary<Bytes32, ulong>.Empty;

    /// <summary>Where each bidder's chain stands by the rulings so far.</summary>
    internal ImmutableDictionary<PublicKey, BidderChain> Bidders { get; init; } = ImmutableDictionary<PublicKey, BidderChain>.Empty;

    /// <summary>Hash first seen at each place of a bidder's chain.</summary>
    internal ImmutableDictionary<(PublicKey Author, ulong Sequence), Bytes32> BidHashes { get; init; }
        = ImmutableDictionary<(PublicKey, ulong), Bytes32>.Empty;

    public bool IsKnown => Chain.Count > 0;

    /// <summary>Whether bids can no longer change anything.</summary>
    public bool IsTerminal => HasEnded || ForkedAt is not null;

    public ChainHead Head => Chain.Count > 0 ? Chain[^1].Head : default;

    /// <summary>The least amount the next bid must have.</summary>
    public long Need => Terms?.Need(High?.Units) ?? 0;

    public static AuctionState Unknown(Bytes32 id, Bytes32 network) => new() { Id = id, Network = network };

    /// <summary>The ruling on a bid, null when there is none yet.</summary>
    public Envelope? RulingOn(Bytes32 bid) => Rulings.TryGetValue(bid, out ulong sequence) ? Chain[(int)sequence] : null;

    /// <summary>Where the rulings so far leave a bidder's chain.</summary>
    public BidderChain ChainOf(PublicKey bidder) => Bidders.GetValueOrDefault(bidder);

    /// <summary>Whether a head somebody saw lies on this chain.</summary>
    public bool Contains(ChainHead head) => head.Sequence < (ulong)Chain.Count && Chain[(int)head.Sequence].Hash == head.Hash;
}

/// <summary>The bid that leads.</summary>
/// <param name="RuledAt">Place of its ruling in the seller's chain.</param>
public sealed record HighBid(Bytes32 Hash, PublicKey Bidder, long Units, ulong RuledAt);

/// <summary>The next place of a bidder's chain, and the hash that must precede it.</summary>
public readonly record struct BidderChain(ulong NextSequence, Bytes32 Last);

/// <summary>How an auction ended; winner and bid are zero unless it was sold.</summary>
public sealed record AuctionResult(Outcome Outcome, PublicKey Winner, Bytes32 WinningBid, long PriceUnits);
