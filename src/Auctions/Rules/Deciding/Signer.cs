using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Deciding;

/// <summary>One participant's pen: its identity on one network.</summary>
public sealed record Signer(KeyPair KeyPair, Bytes32 Network)
{
    public PublicKey Author => KeyPair.PublicKey;

    /// <summary>The envelope whose hash becomes the auction's id.</summary>
    public Envelope Open(AuctionTerms terms, long at) => Seal(default, 0, default, at, new Message.Open(terms));

    /// <summary>A bid at the next place of the bidder's own chain for the auction.</summary>
    public Envelope Bid(Bytes32 auction, BidPlace place, Message.Bid offer, long at)
        => Seal(auction, place.Sequence, place.Previous, Math.Max(at, place.NotBefore), offer);

    public Envelope Profile(string name, long at) => Seal(default, 0, default, at, new Message.Profile(name));

    public Envelope HeadNote(Bytes32 auction, Message.HeadNote note, long at) => Seal(auction, 0, default, at, note);

    internal Envelope Seal(Bytes32 auction, ulong sequence, Bytes32 previous, long at, Message message)
        => Envelope.Seal(KeyPair, new EnvelopeContent(Network, auction, sequence, previous, at, message));
}

/// <summary>Where a bidder's next envelope of an auction goes.</summary>
/// <param name="NotBefore">The stamp of the one before it.</param>
public readonly record struct BidPlace(ulong Sequence, Bytes32 Previous, long NotBefore)
{
    /// <summary>The place after an own envelope.</summary>
    public static BidPlace After(Envelope last) => new(last.Sequence + 1, last.Hash, last.Content.At);
}
