using Akka.Actor;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Deciding;
using Hyper.Actors.Runtime;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>What the parts of a trading participant share; all of it belongs to the participant's actor.</summary>
internal sealed record Desk
{
    public required PeerRuntime Runtime { get; init; }

    public required ParticipantOptions Options { get; init; }

    public required Signer Signer { get; init; }

    public required ParticipantIdentity Identity { get; init; }

    public required IActorRef Peer { get; init; }

    public required IActorRef Ledger { get; init; }

    public required IActorRef Outbox { get; init; }

    public required IActorRef Catalogue { get; init; }

    public required IActorRef BeeWriter { get; init; }

    public required AuctionDirectory Directory { get; init; }

    public required AuctionRoster Roster { get; init; }

    public required QueryDesk Queries { get; init; }

    public required Subscribers Subscribers { get; init; }

    public Askers Askers { get; } = new();

    public RequestNumbers Numbers { get; } = new(RequestLane.Participant);
}
