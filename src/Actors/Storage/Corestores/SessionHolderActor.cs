using Akka.Actor;
using Hyper.Actors.Runtime;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Has sessions of a store's cores on behalf of code that is no actor: they end when it stops.</summary>
public sealed class SessionHolderActor : ReceiveActor
{
    private readonly Dictionary<long, IActorRef> _askers = [];
    private long _lastRequest;

    public SessionHolderActor()
    {
        Receive<Relay>(relay =>
        {
            _askers.Add(++_lastRequest, Sender);
            relay.Store.Tell(relay.Order(_lastRequest));
        });
        Receive<CorestoreProtocol.Opened>(opened => Answer(opened.Request, opened));
        Receive<CorestoreProtocol.Failed>(failed => Answer(failed.Request, failed));
        Receive<CorestoreProtocol.SessionClosed>(closed => Answer(closed.Request, closed));
        Receive<CorestoreProtocol.FindingPeers>(finding => Answer(finding.Request, finding));
        Receive<CorestoreProtocol.FindingPeersEnded>(ended => Answer(ended.Request, ended));
    }

    public static Props Props() => ActorProps.Of(() => new SessionHolderActor());

    private void Answer(long request, object answer)
    {
        if (_askers.Remove(request, out IActorRef? asker))
            asker.Tell(answer);
    }

    /// <summary>Passes an order on, made with the holder's number, and its answer back.</summary>
    internal sealed record Relay(IActorRef Store, Func<long, CorestoreProtocol.ICommand> Order);
}
