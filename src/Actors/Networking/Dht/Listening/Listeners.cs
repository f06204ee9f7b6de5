using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>The listening keys of a node, each with its actor.</summary>
internal sealed class Listeners(PeerRuntime runtime, HyperDhtOptions options, ForwardTable forwards)
{
    private readonly Dictionary<Bytes32, Listener> _byTarget = [];
    private int _started;

    /// <summary>Starts to listen; refused when the key is taken.</summary>
    public void Start(IActorContext context, HyperDhtProtocol.Listen order, IActorRef node, PeerAddress? openAddress)
    {
        Bytes32 target = PeerRecord.TargetOf(order.KeyPair.PublicKey);
        if (_byTarget.ContainsKey(target))
        {
            order.Owner.Tell(new HyperDhtProtocol.ListenRefused(order.KeyPair.PublicKey));
            return;
        }

        string name = "listener-" + ++_started;
        IActorRef actor = context.Watch(context.ActorOf(ListenerActor.Props(runtime.For(name), options, order, node), name));
        actor.Tell(new ListenerProtocol.OpenAddressChanged(openAddress));
        _byTarget[target] = new Listener(order, actor);
        forwards.Host(target, new PeerRecord(order.KeyPair.PublicKey).Encode());
    }

    /// <summary>The server leaves the forwards at once; its actor stops when its relays have been told.</summary>
    public void Stop(HyperDhtProtocol.StopListening order, IActorRef asker)
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

    public void TellOpenAddress(PeerAddress? address)
    {
        foreach (Listener listener in _byTarget.Values)
            listener.Actor.Tell(new ListenerProtocol.OpenAddressChanged(address));
    }

    public void Deliver(Bytes32 target, object arrived)
    {
        if (_byTarget.TryGetValue(target, out Listener? listener))
            listener.Actor.Tell(arrived);
    }

    public void Refuse(HyperDhtProtocol.Refuse order)
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
        if (listener?.StopAsker is { } asker && !asker.Equals(order.Owner))
            asker.Tell(stopped);
        return true;
    }

    private sealed record Listener(HyperDhtProtocol.Listen Order, IActorRef Actor)
    {
        public IActorRef? StopAsker { get; set; }
    }
}
