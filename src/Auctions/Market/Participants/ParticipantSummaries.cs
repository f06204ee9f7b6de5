using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>What a seller offers; the participant adds its core and a salt. Durations count from now; an offer without one is closed by hand.</summary>
public sealed record AuctionOffer
{
    public required string Item { get; init; }

    public string Title { get; init; } = "";

    public Currency Currency { get; init; } = Currency.Default;

    public required long StartUnits { get; init; }

    public long? ReserveUnits { get; init; }

    public long IncrementUnits { get; init; }

    public TimeSpan? Duration { get; init; }

    public TimeSpan SoftClose { get; init; }

    /// <summary>The latest end that extensions can reach; null for twenty soft closes after the end.</summary>
    public TimeSpan? HardEnd { get; init; }
}

/// <summary>One auction as a participant sees it now.</summary>
/// <param name="HighUnits">Null while no bid is accepted.</param>
/// <param name="EndsAt">UTC milliseconds, zero when its seller closes it.</param>
/// <param name="IsOwn">Whether this participant sells it.</param>
public sealed record AuctionSummary(
    Bytes32 Id,
    PublicKey Seller,
    string SellerName,
    string Item,
    string Title,
    Currency Currency,
    AuctionStatus Status,
    long StartUnits,
    long? HighUnits,
    PublicKey? Leader,
    string LeaderName,
    long NeedUnits,
    long EndsAt,
    AuctionResult? Result,
    string WinnerName,
    ulong Sequence,
    uint Accepts,
    uint Rejects,
    ImmutableArray<FaultKey> Faults,
    Bytes32 Digest,
    PublicKey Core,
    bool IsOwn);

/// <summary>Digest of an auction's view at a place of its chain.</summary>
public sealed record AuctionDigest(Bytes32 Auction, ulong Sequence, Bytes32 Digest);

/// <summary>A core held here; <paramref name="Owner"/> is null while nobody has claimed it.</summary>
public sealed record CoreSummary(PublicKey Key, PublicKey? Owner, ulong Length, Bytes32 TreeHash);

/// <summary>A connected peer.</summary>
public sealed record PeerSummary(PublicKey PublicKey, string Name);

/// <summary>Who a participant is and where it serves.</summary>
public sealed record ParticipantIdentity(PublicKey PublicKey, string Name, PublicKey CoreKey, PublicKey BeeKey, int Port);

/// <summary>Why something was not done.</summary>
public enum RefusalCode
{
    Usage,
    Rejected,
    NotFound,
    Offline,
    Failed,
}
