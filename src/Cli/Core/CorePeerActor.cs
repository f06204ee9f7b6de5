using System.Threading.Channels;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Cli.Core;

/// <summary>Owns the peer of a command: passes orders down, and facts on to whoever reads the channel.</summary>
internal sealed class CorePeerActor : ReceiveActor
{
    public CorePeerActor(PeerRuntime runtime, PeerOptions options, ChannelWriter<PeerProtocol.IEvent> facts)
    {
        IActorRef peer = Context.Watch(Context.ActorOf(PeerActor.Props(runtime, options), "peer"));
        Receive<PeerProtocol.ICommand>(order => peer.Forward(order));
        Receive<PeerProtocol.IEvent>(fact => facts.TryWrite(fact));
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    public static Props Props(PeerRuntime runtime, PeerOptions options, ChannelWriter<PeerProtocol.IEvent> facts)
        => Akka.Actor.Props.Create(() => new CorePeerActor(runtime, options, facts));
}
