using Akka.Actor;
using Hyper.Actors.Runtime;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Owns a node that no peer is built on: a bootstrap node, a tool, a test.</summary>
internal sealed class StandaloneNodeActor : UntypedActor
{
    private readonly IActorRef _node;
    private readonly List<IActorRef> _waiting = [];
    private DhtNodeProtocol.NodeBound? _bound;
    private object? _outcome;

    public StandaloneNodeActor(Props node) => _node = Context.ActorOf(node, "dht");

    /// <param name="node">A <see cref="DhtNodeActor"/> or a <see cref="HyperDhtActor"/>.</param>
    public static Props Props(Props node) => ActorProps.Of(() => new StandaloneNodeActor(node));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WaitUntilReady when _outcome is null:
                _waiting.Add(Sender);
                break;
            case WaitUntilReady:
                Sender.Tell(_outcome);
                break;
            case DhtNodeProtocol.NodeBound bound:
                _bound = bound;
                break;
            case DhtNodeProtocol.BindFailed:
                Settle(message);
                break;
            case DhtNodeProtocol.StateChanged { State.IsBootstrapped: true } when _outcome is null:
                Settle(new Ready(_node, _bound!));
                break;
        }
    }

    private void Settle(object outcome)
    {
        _outcome = outcome;
        foreach (IActorRef asker in _waiting)
            asker.Tell(outcome);
        _waiting.Clear();
    }

    /// <summary>Answered by <see cref="Ready"/> or <see cref="DhtNodeProtocol.BindFailed"/>, when it is known.</summary>
    public sealed record WaitUntilReady;

    /// <summary>The node's first walk has ended.</summary>
    public sealed record Ready(IActorRef Node, DhtNodeProtocol.NodeBound Bound);
}
