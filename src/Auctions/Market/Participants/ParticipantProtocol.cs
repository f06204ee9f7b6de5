using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>What a participant is told, what it is asked, and what it says. Answers go to the sender and carry the request's id.</summary>
public static class ParticipantProtocol
{
    /// <summary>An order, answered by one <see cref="IReply"/>.</summary>
    public interface ICommand
    {
        long RequestId { get; }
    }

    /// <summary>A question, answered by one <see cref="IReply"/>.</summary>
    public interface IQuery
    {
        long RequestId { get; }
    }

    /// <summary>The answer to one command or query.</summary>
    public interface IReply
    {
        long RequestId { get; }
    }

    /// <summary>A fact, told to every subscriber once and in order.</summary>
    public interface IEvent;

    public sealed record OpenAuction(long RequestId, AuctionOffer Offer) : ICommand;

    /// <param name="Amount">A decimal amount in the auction's currency.</param>
    /// <param name="Code">Empty for the auction's currency.</param>
    public sealed record PlaceBid(long RequestId, Bytes32 Auction, string Amount, string Code) : ICommand;

    public sealed record CloseAuction(long RequestId, Bytes32 Auction) : ICommand;

    public sealed record CancelAuction(long RequestId, Bytes32 Auction, string Reason) : ICommand;

    public sealed record Connect(long RequestId, PublicKey Peer) : ICommand;

    /// <summary>Writes a block of the caller's into the public core; it belongs to no auction.</summary>
    public sealed record AppendBlock(long RequestId, ReadOnlyMemory<byte> Block) : ICommand;

    /// <summary>From the answer on, the sender gets every <see cref="IEvent"/>.</summary>
    public sealed record Subscribe(long RequestId) : ICommand;

    /// <summary>Leaves the network, taking back what was announced, and stops; the answer is its end.</summary>
    public sealed record Leave;

    public sealed record ListAuctions(long RequestId) : IQuery;

    public sealed record ShowAuction(long RequestId, Bytes32 Auction) : IQuery;

    public sealed record GetDigests(long RequestId) : IQuery;

    public sealed record GetCores(long RequestId) : IQuery;

    public sealed record ListPeers(long RequestId) : IQuery;

    public sealed record WhoAmI(long RequestId) : IQuery;

    /// <summary>Done, with nothing more to say.</summary>
    public sealed record Acknowledged(long RequestId) : IReply;

    /// <summary>Not done: what stood against it, in one line, and what would be accepted.</summary>
    public sealed record Refused(long RequestId, RefusalCode Code, string Message, string? Expected = null) : IReply;

    public sealed record Opened(long RequestId, AuctionSummary Auction, int PeersTold) : IReply;

    /// <summary>The seller's ruling on a bid placed here.</summary>
    /// <param name="NeedUnits">The least a next bid must have.</param>
    /// <param name="Sequence">Place of the ruling in the seller's chain.</param>
    public sealed record BidAnswered(long RequestId, Verdict Verdict, long Units, long NeedUnits, ulong Sequence, AuctionSummary Auction)
        : IReply;

    /// <summary>An own auction has ended.</summary>
    /// <param name="PeersTold">Peers that were connected.</param>
    /// <param name="PeersAcknowledged">Those whose signed notes say that their copy ends as ours does.</param>
    public sealed record Closed(long RequestId, AuctionSummary Auction, int PeersTold, int PeersAcknowledged) : IReply;

    public sealed record AuctionsListed(long RequestId, ImmutableArray<AuctionSummary> Auctions) : IReply;

    public sealed record AuctionShown(long RequestId, AuctionSummary Auction, ImmutableArray<Envelope> Chain) : IReply;

    public sealed record DigestsListed(long RequestId, ImmutableArray<AuctionDigest> Digests) : IReply;

    public sealed record CoresListed(long RequestId, ImmutableArray<CoreSummary> Cores) : IReply;

    public sealed record PeersListed(long RequestId, ImmutableArray<PeerSummary> Peers) : IReply;

    public sealed record Identity(long RequestId, ParticipantIdentity Self) : IReply;

    /// <summary>The participant serves; it can be dialled by its key.</summary>
    public sealed record Ready(ParticipantIdentity Self) : IEvent;

    /// <summary>The participant cannot go on; one line says why, and a word such as PORT_IN_USE, OFFLINE or STORAGE_LOCKED.</summary>
    public sealed record Failed(string Reason, string Code) : IEvent;

    public sealed record AuctionOpened(AuctionSummary Auction) : IEvent;

    public sealed record BidDecided(AuctionSummary Auction, PublicKey Bidder, Verdict Verdict, long Units, long NeedUnits, ulong Sequence)
        : IEvent;

    /// <summary>This participant's bid led until now.</summary>
    public sealed record Outbid(AuctionSummary Auction, PublicKey By, long Units, long NeedUnits) : IEvent;

    public sealed record AuctionClosed(AuctionSummary Auction) : IEvent;

    public sealed record FaultFound(AuctionSummary Auction, FaultKey Fault) : IEvent;

    public sealed record DigestChanged(Bytes32 Auction, ulong Sequence, Bytes32 Digest) : IEvent;

    public sealed record PeerConnected(PublicKey Peer) : IEvent;

    public sealed record PeerDisconnected(PublicKey Peer) : IEvent;
}
