using Akka.Actor;
using Hyper.Actors.Networking.Dht.Queries;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Routing;

/// <summary>Runs the upkeep of one node's routing table; its pings and walks are the node's.</summary>
internal sealed class NodeRouting(
    RoutingMachine machine, PeerRuntime runtime, IActorRef owner, RequestOrders requests, RunningQueries queries) : IAsker
{
    private readonly Dictionary<long, PeerAddress> _pings = [];
    private long _lastPing;

    private TimeSpan Now => runtime.Clock.Now;

    public void Add(PeerAddress node)
    {
        machine.HandleHeard(node, Now);
        Drain();
    }

    public void HandleTimeout()
    {
        machine.HandleTimeout(Now);
        Drain();
    }

    public void HandleState(DhtNodeState state)
    {
        machine.HandleIdentity(state.TableId, Now);
        if (state.IsBootstrapped)
            machine.HandleBootstrapped();
        Drain();
    }

    public void Handle(DhtNodeEvent happened)
    {
        switch (happened)
        {
            case DhtNodeEvent.NodeHeard heard:
                machine.HandleHeard(heard.Address, Now);
                break;
            case DhtNodeEvent.NodeUnreachable unreachable:
                machine.HandleUnreachable(unreachable.Address, Now);
                break;
            case DhtNodeEvent.DownHintReceived hint:
                machine.HandleDownHint(hint.Address, Now);
                break;
            case DhtNodeEvent.Suspended:
                machine.HandleSuspended();
                break;
            case DhtNodeEvent.Resumed:
                machine.HandleResumed(Now);
                break;
            case DhtNodeEvent.WokeUp:
                machine.HandleWakeUp();
                break;
        }

        Drain();
    }

    /// <summary>A node that answers without its id is not persistent any more.</summary>
    public void HandleReply(long tag, ReceivedReply reply) => HandlePingEnded(tag, answered: reply.Id is not null);

    public void HandleFailure(long tag, RequestFailure reason) => HandlePingEnded(tag, answered: false);

    private void HandlePingEnded(long tag, bool answered)
    {
        if (_pings.Remove(tag, out PeerAddress address))
            machine.HandlePingEnded(address, answered, Now);
        Drain();
    }

    private void Drain()
    {
        while (machine.TryTake(out RoutingEffect? effect))
            Perform(effect);
    }

    private void Perform(RoutingEffect effect)
    {
        switch (effect)
        {
            case RoutingEffect.Ping ping:
                _pings.Add(++_lastPing, ping.Address);
                _ = runtime.Events.Record(new EventEntry(EventKind.DhtPing) { To = ping.Address });
                requests.Send(new OutgoingRequest(ping.Address, DhtCommand.Ping), this, _lastPing);
                break;
            case RoutingEffect.Publish publish:
                owner.Tell(new DhtNodeProtocol.NodesChanged(publish.Snapshot));
                break;
            case RoutingEffect.Refresh refresh:
                DhtNodeProtocol.StartQuery walk = new(0, QueryDefinition.Background(refresh.Target)) { EndOnly = true };
                queries.Start(walk, machine.Table.Own, ActorRefs.Nobody);
                break;
        }
    }
}
