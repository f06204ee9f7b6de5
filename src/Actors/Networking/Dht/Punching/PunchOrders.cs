using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Actors.Networking.Dht.Punching;

/// <summary>Carries out what holepunches ask for: through the node, and within what the peer allows itself.</summary>
internal sealed class PunchOrders(IClock clock, HolepunchOptions options, IActorRef node, ConnectionTable connections)
{
    private static readonly byte[] Probe = [0];
    private readonly RandomPunchBudget _budget = new(options, clock.Now);

    /// <summary>The stream's peers are searching for each other's ports.</summary>
    public bool IsSearching(uint streamId) => _budget.IsHeldBy(streamId);

    public void Handle(PunchProtocol.Order order, IActorRef puncher)
    {
        switch (order.Effect)
        {
            case PunchEffect.OpenSocket open when connections.Find(order.StreamId) is { } connection:
                node.Tell(new DhtNodeProtocol.OpenSocket(open.Socket, order.StreamId, connection, puncher));
                break;
            case PunchEffect.CloseSocket close:
                node.Tell(new DhtNodeProtocol.CloseSocket(close.Socket));
                break;
            case PunchEffect.Probe probe:
                node.Tell(new DhtNodeProtocol.Transmit(Probe, probe.To, probe.Socket, probe.TimeToLive));
                break;
            case PunchEffect.Send send:
                node.Tell(new DhtNodeProtocol.SendRequest(send.Ticket.Number, send.Request), puncher);
                break;
            case PunchEffect.Begun begun:
                connections.Ways = connections.Ways.WithPunch(begun.IsSearch);
                break;
            case PunchEffect.ReserveRandomPunch:
                Decide(order.StreamId, puncher);
                break;
            case PunchEffect.ReleaseRandomPunch release:
                Release(order.StreamId, release.WasUsed);
                break;
        }
    }

    private void Decide(uint streamId, IActorRef puncher)
    {
        bool isGranted = _budget.TryReserve(streamId, clock.Now);
        if (!isGranted)
            connections.Ways = connections.Ways with { TryLater = connections.Ways.TryLater + 1 };
        puncher.Tell(new PunchProtocol.PermitDecided(streamId, isGranted));
    }

    /// <summary>The node begins anew.</summary>
    public void HandleResumed() => _budget.HandleResumed(clock.Now);

    /// <summary>The stream's connection is over, however its search went.</summary>
    public void Release(uint streamId, bool wasUsed = true) => _budget.Release(streamId, wasUsed, clock.Now);
}
