using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Discovery;

/// <summary>What the catalogue is told and what it tells its participant.</summary>
public static class CatalogueProtocol
{
    /// <summary>An order to the catalogue.</summary>
    public interface ICommand;

    /// <summary>A fact the catalogue tells its participant.</summary>
    public interface IEvent;

    /// <summary>An auction is followed from now on: stay connected to its seller, replicate its core, and tell the others once.</summary>
    public sealed record Follow(PublicKey Seller, PublicKey Core, Envelope Opening) : ICommand;

    /// <summary>Take up a core that a former run followed.</summary>
    public sealed record FollowCore(PublicKey Core) : ICommand;

    /// <summary>Envelopes that somebody's core holds, in the order of its blocks.</summary>
    /// <param name="Length">Blocks of the core that have been read.</param>
    public sealed record Read(PublicKey Core, ulong Length, Bytes32 TreeHash, IReadOnlyList<Envelope> Envelopes) : IEvent;
}
