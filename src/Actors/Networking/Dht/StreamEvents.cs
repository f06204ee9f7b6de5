using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht.Dialling;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Networking.Relaying;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What dials, listeners, relays and connections report about streams, and who is told of it.</summary>
internal sealed class StreamEvents(
    ConnectionTable connections, RelayedStreams relayed, Listeners listeners, RelayCache relays, PunchOrders punches, IActorRef node)
{
    /// <summary>False when the message is about no stream.</summary>
    public bool TryHandle(IActorContext context, object message, IActorRef sender)
    {
        switch (message)
        {
            case ListenerProtocol.ConnectionBegun begun when listeners.TryGetOrder(sender, out HyperDhtProtocol.Listen? order):
                ConnectionOwner owner = new(order.Owner, null, order.KeyPair.PublicKey, order.Preamble, sender)
                {
                    Via = begun.Connection.Via,
                    ReusesSocket = order.ReusesSocket,
                    SpeaksAtOnce = order.SpeaksAtOnce,
                    KeepAlive = order.KeepAlive,
                };
                if (connections.TryBegin(context, begun.Connection.LocalStreamId, owner))
                    connections.Establish(context, begun.Connection);
                break;
            case DialProtocol.Succeeded dialled:
                if (!dialled.RelayAddresses.IsEmpty)
                    relays.Set(dialled.Connection.Noise.RemotePublicKey, dialled.RelayAddresses);
                connections.Establish(context, dialled.Connection);
                break;
            case DialProtocol.RouteFailed route:
                connections.LeaveRoute(route.StreamId, route.Socket);
                break;
            case DialProtocol.Failed failed:
                connections.Abandon(context, failed.StreamId, ConnectFailureCodes.Of(failed.Reason));
                break;
            case ListenerProtocol.ConnectionAbandoned abandoned:
                if (!relayed.Holds(abandoned.StreamId))
                    connections.Abandon(context, abandoned.StreamId, ConnectFailureCodes.TimedOut);
                break;
            case RelayedStreamProtocol.IEvent relay:
                relayed.Handle(context, relay, sender);
                break;
            case ConnectionProtocol.Reached reached:
                connections.HandleReached(context, reached, sender, node, punches, relayed);
                break;
            case ConnectionProtocol.IEvent fact:
                connections.Handle(fact, sender);
                break;
            default:
                return false;
        }

        return true;
    }
}
