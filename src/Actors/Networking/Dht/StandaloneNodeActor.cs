using Akka.Actor;
using Hyper.Actors.Runtime;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Owns a node that no peer is built on: a bootstrap node, a tool, a test.</summary>
internal sealed class StandaloneNodeActor : UntypedActor
{
    private readonly IActorRef _node;
    private readonly List<IActorRef> _waiting = [];
    private readonly List<(IActorRef Asker, bool IsSuspended)> _resting = [];
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
            case DhtNodeProtocol.Stop:
                Context.Watch(_node);
                _node.Tell(message);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            case Rest rest:
                _resting.Add((Sender, rest.IsSuspended));
                _node.Tell(rest.IsSuspended ? new DhtNodeProtocol.Suspend() : new DhtNodeProtocol.Resume());
                break;
            case DhtNodeProtocol.Rested rested:
                AnswerAskers(isSuspended: true, rested);
                break;
            case DhtNodeProtocol.StateChanged { State.IsSuspended: false } when _resting.Count > 0:
                AnswerAskers(isSuspended: false, message);
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

    private void AnswerAskers(bool isSuspended, object answer)
    {
        foreach ((IActorRef asker, _) in _resting.Where(order => order.IsSuspended == isSuspended))
            asker.Tell(answer);
        _resting.RemoveAll(order => order.IsSuspended == isSuspended);
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

    /// <summary>
    /// Answered by <see cref="DhtNodeProtocol.Rested"/>, or by <see cref="DhtNodeProtocol.StateChanged"/> when the rest has ended.
    /// Comes after <see cref="Ready"/>.
    /// </summary>
    public sealed record Rest(bool IsSuspended);

    /// <summary>The node's first walk has ended.</summary>
    public sealed record Ready(IActorRef Node, DhtNodeProtocol.NodeBound Bound);
}
