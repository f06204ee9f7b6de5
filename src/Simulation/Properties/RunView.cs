using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Properties;

/// <summary>What every participant says about itself at one point of a run.</summary>
/// <param name="Participants">In the order of the scenario.</param>
/// <param name="Auctions">Real ids by their names in the scenario, with the seller's name.</param>
public sealed record RunView(ImmutableArray<ParticipantView> Participants, ImmutableArray<AuctionName> Auctions)
{
    public static RunView Empty { get; } = new([], []);

    public ParticipantView? Find(string peer) => Participants.FirstOrDefault(participant => participant.Name == peer);
}

/// <summary>The name of an auction in the scenario, its real id and who sells.</summary>
public sealed record AuctionName(string Name, Bytes32 Id, string Seller);

/// <summary>What one participant sees and holds.</summary>
public sealed record ParticipantView(
    string Name, ParticipantIdentity? Identity, ImmutableArray<AuctionSummary> Auctions, ImmutableArray<CoreSummary> Cores)
{
    public AuctionSummary? Auction(Bytes32 id) => Auctions.FirstOrDefault(auction => auction.Id == id);

    public CoreSummary? Core(Hyper.Protocol.Cryptography.PublicKey key) => Cores.FirstOrDefault(core => core.Key == key);
}
