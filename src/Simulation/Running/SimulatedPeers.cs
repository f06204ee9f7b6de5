using AuctionActors.Auctions.Market.Participants;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>The product's own actors as the peers of a simulation.</summary>
public static class SimulatedPeers
{
    public static PeerBlueprint Blueprint { get; } = new(
        start => ParticipantActor.Props(start.Runtime, ParticipantOptionsOf(start), PeerActor.Props),
        start => PeerActor.Props(start.Runtime, BootstrapOptionsOf(start)));

    private static ParticipantOptions ParticipantOptionsOf(PeerStart start) => new()
    {
        Name = start.Runtime.Name,
        Network = start.Network,
        Storage = start.Storage,
        Bind = start.Bind,
        Bootstrap = [.. start.Bootstrap],
    };

    private static PeerOptions BootstrapOptionsOf(PeerStart start) => new()
    {
        KeyPair = KeyPair.Generate(start.Runtime.For("identity").Entropy),
        Bind = start.Bind,
        PublicAddress = start.Bind,
    };
}
