using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>Owns a peer: hands commands down, and each awaited event to whoever asked for it.</summary>
internal sealed class PeerHostActor : UntypedActor
{
    private readonly IActorRef _peer;
    private readonly List<(Await Awaited, IActorRef Asker)> _waiting = [];

    public PeerHostActor(PeerRuntime runtime, PeerOptions options) => _peer = Context.ActorOf(PeerActor.Props(runtime, options), "peer");

    /// <summary>The host, once its peer is ready.</summary>
    public static async Task<IActorRef> StartAsync(IActorRefFactory system, PeerRuntime runtime, PeerOptions options)
    {
        IActorRef host = system.ActorOf(Props.Create(() => new PeerHostActor(runtime, options)), runtime.Name);
        await AskAsync<PeerProtocol.PeerReady>(host, null);
        return host;
    }

    /// <summary>Gives the command, if any, and waits for the next event of a type.</summary>
    public static async Task<TEvent> AskAsync<TEvent>(IActorRef host, PeerProtocol.ICommand? command)
        => (TEvent)await host.Ask<object>(new Await(fact => fact is TEvent, command), Testnet.Patience);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Await awaited:
                _waiting.Add((awaited, Sender));
                if (awaited.Command is not null)
                    _peer.Tell(awaited.Command);
                break;
            case PeerProtocol.ICommand command:
                _peer.Tell(command);
                break;
            case PeerProtocol.PeerFailed failed:
                throw new InvalidOperationException(failed.Reason);
            case PeerProtocol.IEvent fact:
                foreach ((Await _, IActorRef asker) in _waiting.Where(waiting => waiting.Awaited.IsIt(fact)))
                    asker.Tell(fact);
                _waiting.RemoveAll(waiting => waiting.Awaited.IsIt(fact));
                break;
        }
    }

    private sealed record Await(Func<object, bool> IsIt, PeerProtocol.ICommand? Command);
}
