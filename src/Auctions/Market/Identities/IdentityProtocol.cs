using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Identities;

/// <summary>What the keeper of the private bee tells its participant.</summary>
public static class IdentityProtocol
{
    /// <summary>A fact about the identity.</summary>
    public interface IEvent;

    /// <summary>The seeds are on disk; whoever holds them is the participant.</summary>
    public sealed record Identified(Bytes32 DhtSeed, Bytes32 RpcSeed) : IEvent;

    /// <summary>The private bee cannot be opened or written.</summary>
    public sealed record Failed(string Reason, string Code) : IEvent;
}
