using Akka.Actor;
using AuctionActors.Auctions.Market.Delivery;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Tells the parts of a participant who came, who left and who could not be reached.</summary>
internal sealed class RemotePeers(Desk desk, LocalCommands commands)
{
    public void Handle(PeerProtocol.PeerConnected connected)
    {
        bool isNew = desk.Queries.Connected(connected.Remote);
        desk.Catalogue.Tell(connected);
        desk.Outbox.Tell(new OutboxProtocol.Reachable(connected.Remote));
        commands.HandleConnected(connected.Remote);
        if (isNew)
            desk.Subscribers.Tell(new ParticipantProtocol.PeerConnected(connected.Remote));
    }

    public void Handle(PeerProtocol.PeerDisconnected lost)
    {
        desk.Queries.Disconnected(lost.Remote);
        desk.Catalogue.Tell(lost);
        desk.Subscribers.Tell(new ParticipantProtocol.PeerDisconnected(lost.Remote));
    }

    public void Handle(PeerProtocol.ConnectFailed failed)
    {
        desk.Catalogue.Tell(failed);
        commands.HandleConnectFailed(failed);
    }
}
