using Akka.Actor;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Who serves requests, observes the state and owns streams, as long as they live.</summary>
internal sealed class NodeRegistrations(NodeEvents events, StreamRoutes streams)
{
    public void Handle(DhtNodeProtocol.IRegistration registration, IActorContext context, DhtNodeState state)
    {
        switch (registration)
        {
            case DhtNodeProtocol.ServeRequests serve:
                events.Handler = context.Watch(serve.Handler);
                break;
            case DhtNodeProtocol.ObserveState observe:
                events.Observe(context.Watch(observe.Observer), state);
                break;
            case DhtNodeProtocol.RegisterStream register:
                streams.Register(register.StreamId, context.Watch(register.Receiver));
                break;
            case DhtNodeProtocol.ReleaseStream release:
                streams.Release(release.StreamId);
                break;
        }
    }

    /// <summary>Forgets an actor that has stopped.</summary>
    public void Forget(IActorRef stopped)
    {
        events.Forget(stopped);
        streams.Release(stopped);
    }
}
