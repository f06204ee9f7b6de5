using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>The listening keys of a node, each with its actor.</summary>
internal sealed class Listeners(PeerRuntime runtime, HyperDhtOptions options, ForwardTable forwards)
{
    private readonly Dictionary<Bytes32, Listener> _byTarget = [];
    private LocalHosts? _hosts;
    private int _started;

    /// <summary>Starts to listen; refused when the key is taken.</summary>
    public void Start(IActorContext context, HyperDhtProtocol.Listen order, IActorRef node, NodeView view)
    {
        Bytes32 target = PeerRecord.TargetOf(order.KeyPair.PublicKey);
        if (_byTarget.ContainsKey(target))
        {
            order.Owner.Tell(new HyperDhtProtocol.ListenRefused(order.KeyPair.PublicKey));
            return;
        }

        string name = "listener-" + ++_started;
        IActorRef actor = context.Watch(context.ActorOf(ListenerActor.Props(runtime.For(name), options, order, node), name));
        actor.Tell(ListenerProtocol.NodeChanged.Of(view.State!));
        _byTarget[target] = new Listener(order, actor);
        forwards.Host(target, new PeerRecord(order.KeyPair.PublicKey).Encode());
        if (options.Handshakes.SharesLocalAddresses)
            (_hosts ??= new LocalHosts(runtime, view, this)).Try(context);
    }

    /// <summary>False when the order concerns no server that listens already.</summary>
    public bool TryHandle(HyperDhtProtocol.ICommand order, IActorRef asker)
    {
        switch (order)
        {
            case HyperDhtProtocol.StopListening stop:
                Stop(stop, asker);
                return true;
            case HyperDhtProtocol.SuspendListening suspend:
                Suspend(suspend, asker);
                return true;
            case HyperDhtProtocol.ResumeListening resume:
                Resume(resume);
                return true;
            case HyperDhtProtocol.Refuse refuse:
                Refuse(refuse);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The server leaves the forwards at once; its actor stops when its relays have been told.</summary>
    private void Stop(HyperDhtProtocol.StopListening order, IActorRef asker)
    {
        Bytes32 target = PeerRecord.TargetOf(order.Key);
        forwards.Unhost(target);
        if (_byTarget.TryGetValue(target, out Listener? listener))
        {
            listener.StopAsker = asker;
            listener.Actor.Tell(new ListenerProtocol.Stop());
        }
        else
            asker.Tell(new HyperDhtProtocol.ListeningStopped(order.Key));
    }

    /// <summary>Takes a server back until it is resumed.</summary>
    private void Suspend(HyperDhtProtocol.SuspendListening order, IActorRef asker)
    {
        if (!_byTarget.TryGetValue(PeerRecord.TargetOf(order.Key), out Listener? listener) || listener.HasGone)
        {
            asker.Tell(new HyperDhtProtocol.ListeningSuspended(order.Key));
            return;
        }

        listener.SuspendAskers.Add(asker);
        Suspend(listener);
    }

    private void Resume(HyperDhtProtocol.ResumeListening order)
    {
        if (_byTarget.TryGetValue(PeerRecord.TargetOf(order.Key), out Listener? listener))
            Resume(listener);
    }

    /// <summary>Takes all servers back.</summary>
    public void SuspendAll()
    {
        foreach (Listener listener in _byTarget.Values)
            Suspend(listener);
    }

    public void ResumeAll()
    {
        foreach (Listener listener in _byTarget.Values)
            Resume(listener);
    }

    /// <summary>No relay leads to a server any more.</summary>
    public bool AreGone => _byTarget.Values.All(listener => listener.HasGone);

    /// <summary>The relays have forgotten a suspended server, or local hosts have been tried.</summary>
    public void Note(object fact, IActorRef actor)
    {
        if (fact is ListenerProtocol.HostsTried tried)
            _hosts?.Handle(tried);
        else
            NoteSuspended(actor);
    }

    private void NoteSuspended(IActorRef actor)
    {
        if (_byTarget.Values.FirstOrDefault(listener => listener.Actor.Equals(actor)) is not { IsSuspended: true } listener)
            return;
        listener.HasGone = true;
        AnswerSuspendAskers(listener);
    }

    public void TellAll(object fact)
    {
        foreach (Listener listener in _byTarget.Values)
            listener.Actor.Tell(fact);
    }

    /// <summary>Hands a question to one listener after the other, each of which adds what it has counted, and then to the node.</summary>
    public void Count(DhtNodeProtocol.GetTraffic query, IActorRef node, IActorRef asker)
        => new ListenerProtocol.CountHandshakes(query, [.. _byTarget.Values.Select(listener => listener.Actor)], node, asker).PassOn();

    /// <summary>The node has got or lost a local host.</summary>
    public void HandleNetworkChanged(IActorContext context)
    {
        _hosts?.Try(context);
        TellAll(new ListenerProtocol.NetworkChanged());
    }

    /// <summary>A client is at the door.</summary>
    public void Deliver(IActorContext context, Bytes32 target, ReceivedRequest request, PeerRoute.Accept route, NodeView view)
    {
        if (_hosts is { } hosts)
            hosts.Deliver(context, target, request, route);
        else
            Deliver(target, new ListenerProtocol.HandshakeArrived(request, route, view.Reachability));
    }

    public void Deliver(Bytes32 target, object arrived)
    {
        if (_byTarget.TryGetValue(target, out Listener? listener))
            listener.Actor.Tell(arrived);
    }

    private void Refuse(HyperDhtProtocol.Refuse order)
    {
        if (_byTarget.TryGetValue(PeerRecord.TargetOf(order.Server), out Listener? listener))
            listener.Actor.Tell(order);
    }

    public bool TryGetOrder(IActorRef actor, [NotNullWhen(true)] out HyperDhtProtocol.Listen? order)
    {
        order = _byTarget.Values.FirstOrDefault(listener => listener.Actor.Equals(actor))?.Order;
        return order is not null;
    }

    /// <summary>False when the actor was no listener.</summary>
    public bool Remove(IActorRef actor)
    {
        if (!TryGetOrder(actor, out HyperDhtProtocol.Listen? order))
            return false;
        Bytes32 target = PeerRecord.TargetOf(order.KeyPair.PublicKey);
        _byTarget.Remove(target, out Listener? listener);
        forwards.Unhost(target);
        HyperDhtProtocol.ListeningStopped stopped = new(order.KeyPair.PublicKey);
        order.Owner.Tell(stopped);
        if (listener is not null)
            AnswerSuspendAskers(listener);
        if (listener?.StopAsker is { } asker && !asker.Equals(order.Owner))
            asker.Tell(stopped);
        return true;
    }

    private static void Suspend(Listener listener)
    {
        if (listener.IsSuspended)
            return;
        listener.IsSuspended = true;
        listener.Actor.Tell(new ListenerProtocol.Suspend());
    }

    private static void Resume(Listener listener)
    {
        if (!listener.IsSuspended)
            return;
        (listener.IsSuspended, listener.HasGone) = (false, false);
        AnswerSuspendAskers(listener);
        listener.Actor.Tell(new ListenerProtocol.Resume());
    }

    private static void AnswerSuspendAskers(Listener listener)
    {
        foreach (IActorRef asker in listener.SuspendAskers)
            asker.Tell(new HyperDhtProtocol.ListeningSuspended(listener.Order.KeyPair.PublicKey));
        listener.SuspendAskers.Clear();
    }

    private sealed record Listener(HyperDhtProtocol.Listen Order, IActorRef Actor)
    {
        public IActorRef? StopAsker { get; set; }

        public bool IsSuspended { get; set; }

        /// <summary>It is suspended, and its relays have been told.</summary>
        public bool HasGone { get; set; }

        public List<IActorRef> SuspendAskers { get; } = [];
    }
}
