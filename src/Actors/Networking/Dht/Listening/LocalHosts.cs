using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>Sees to it that the servers of a node name no local address that is of no use; a client that comes during the trial waits for its end.</summary>
internal sealed class LocalHosts(PeerRuntime runtime, NodeView view, Listeners listeners)
{
    /// <summary>Clients that wait at once; more are told what is known by then.</summary>
    private const int MaxWaiting = 256;

    private readonly LocalHostTable _table = new();
    private readonly Queue<(Bytes32 Target, ReceivedRequest Request, PeerRoute.Accept Route)> _waiting = new();
    private long _trials;

    /// <summary>Begins with hosts that have never been tried.</summary>
    public void Try(IActorContext context)
    {
        IReadOnlyList<uint> hosts = _table.Begin(view.LocalAddresses);
        if (hosts.Count > 0)
            context.ActorOf(HostTrialActor.Props(runtime, hosts), "hosts-" + ++_trials);
    }

    public void Deliver(IActorContext context, Bytes32 target, ReceivedRequest request, PeerRoute.Accept route)
    {
        Try(context);
        if (_waiting.Count < MaxWaiting && _table.IsTrying(view.LocalAddresses))
            _waiting.Enqueue((target, request, route));
        else
            Deliver(target, request, route);
    }

    public void Handle(ListenerProtocol.HostsTried tried)
    {
        foreach (uint host in tried.Hosts)
            _table.End(host, tried.Usable.Contains(host));
        if (_table.IsTrying(view.LocalAddresses))
            return;
        while (_waiting.TryDequeue(out (Bytes32 Target, ReceivedRequest Request, PeerRoute.Accept Route) client))
            Deliver(client.Target, client.Request, client.Route);
    }

    private void Deliver(Bytes32 target, ReceivedRequest request, PeerRoute.Accept route)
        => listeners.Deliver(
            target,
            new ListenerProtocol.HandshakeArrived(request, route, view.Reachability with { LocalAddresses = _table.Usable(view.LocalAddresses) }));
}
