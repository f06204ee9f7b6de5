using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>The raw streams of a node that has any.</summary>
internal sealed class RawStreamTable(PeerRuntime runtime, RawStreamOptions options)
{
    private readonly Dictionary<uint, IActorRef> _byId = [];
    private readonly Dictionary<IActorRef, uint> _byActor = [];
    private long _started;

    public bool IsEmpty => _byId.Count == 0;

    public bool IsFull => _byId.Count >= options.MaxStreams;

    public bool Contains(uint streamId) => _byId.ContainsKey(streamId);

    /// <summary>Makes the actor that gets the packets of a stream.</summary>
    /// <param name="context">The node's.</param>
    /// <param name="streamId">That no other stream of the node has.</param>
    /// <param name="order">Of the stream's user.</param>
    /// <param name="sockets">The node's.</param>
    public IActorRef Begin(IActorContext context, uint streamId, HyperDhtProtocol.CreateRawStream order, DhtNodeProtocol.NodeBound sockets)
    {
        string name = "raw-stream-" + ++_started;
        Props props = RawStreamActor.Props(runtime.For(name), streamId, order.Connection, order.Owner ?? ActorRefs.Nobody, options);
        IActorRef actor = context.Watch(context.ActorOf(props, name));
        (_byId[streamId], _byActor[actor]) = (actor, streamId);
        sockets.AddStream(streamId, actor);
        return actor;
    }

    public void EndAll()
    {
        foreach (IActorRef actor in _byId.Values)
            actor.Tell(RawStreamProtocol.Destroy.Instance);
    }

    /// <summary>False when the actor was no raw stream.</summary>
    public bool Remove(IActorRef actor) => _byActor.Remove(actor, out uint streamId) && _byId.Remove(streamId);
}
