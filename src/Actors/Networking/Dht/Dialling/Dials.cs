using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht.Dialling;

/// <summary>The attempts to connect that are under way, and what they are told of their node.</summary>
internal sealed class Dials(
    PeerRuntime runtime, HyperDhtOptions options, RequestServer requests, ConnectionTable connections, RelayCache relays, SocketRoutes routes)
{
    private readonly HashSet<IActorRef> _running = [];
    private long _started;

    public void Start(IActorContext context, HyperDhtProtocol.Connect order, IActorRef sender, NodeView view)
    {
        uint streamId = connections.NextStreamId();
        if (!connections.TryBegin(context, streamId, ConnectionOwner.Of(order, sender)))
        {
            sender.Tell(new HyperDhtProtocol.ConnectFailed(order.Tag, order.Remote, ConnectFailureCodes.TooManyConnections));
            return;
        }

        string name = "dial-" + ++_started;
        PeerAddress? server = view.State!.Id is null ? null : requests.AnnouncedAddress(PeerRecord.TargetOf(order.Remote));
        ImmutableArray<PeerAddress> known = server is { } address ? [address]
            : order.Relays.IsEmpty ? relays.Get(order.Remote) : order.Relays;
        ImmutableArray<PublicKey> relayThrough = order.RelayThrough ?? options.RelayThrough;
        StreamPath? route = order.ReusesSocket ? routes.Find(order.Remote, view.Reachability.RequestSocket) : null;
        ConnectMachine machine = new(
            options.Connect with { ReusesSocket = order.ReusesSocket }, order.KeyPair, order.Remote, streamId, view.Reachability, known, relayThrough,
            runtime.For(name).Entropy)
        {
            Route = route is { } way && connections.TryShare(streamId, way.Socket) ? way : null,
        };
        Props props = DialActor.Props(machine, streamId, connections.Find(streamId)!, runtime.Clock, context.Self);
        _running.Add(context.Watch(context.ActorOf(props, name)));
    }

    /// <summary>A node that has only begun to join finds out about itself while it dials.</summary>
    public void TellReachability(NodeView view)
    {
        if (_running.Count == 0)
            return;
        NodeReachability own = view.Reachability;
        foreach (IActorRef dial in _running)
            dial.Tell(own);
    }

    public bool Remove(IActorRef dial) => _running.Remove(dial);
}
