using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Dht.Pooling;

/// <summary>Keeps one connection for each remote key, dialled or accepted; of two that meet both sides keep the same.</summary>
public sealed class ConnectionPoolActor : UntypedActor
{
    /// <summary>Askers that wait for one dial; more are refused.</summary>
    internal const int MaxWaiting = 1024;

    private readonly IActorRef _dht;
    private readonly IActorRef _owner;
    private readonly KeyPair _keyPair;
    private readonly Dictionary<PublicKey, ConnectionPoolProtocol.Connected> _open = [];
    private readonly Dictionary<PublicKey, ConnectionPoolProtocol.Connected> _successors = [];
    private readonly Dictionary<PublicKey, Dial> _dials = [];
    private long _lastTag;

    public ConnectionPoolActor(IActorRef dht, KeyPair keyPair, IActorRef owner) => (_dht, _keyPair, _owner) = (dht, keyPair, owner);

    /// <param name="dht">A <see cref="HyperDhtActor"/>.</param>
    /// <param name="keyPair">Whom the pool dials as.</param>
    /// <param name="owner">Hears of each connection and of its end, and what a server of the pool's tells.</param>
    public static Props Props(IActorRef dht, KeyPair keyPair, IActorRef owner)
        => ActorProps.Of(() => new ConnectionPoolActor(dht, keyPair, owner));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionPoolProtocol.Connect order:
                Connect(order, Sender);
                break;
            case ConnectionPoolProtocol.GetConnections:
                Sender.Tell(new ConnectionPoolProtocol.ConnectionsListed([.. _open.Values], _dials.Count));
                break;
            case HyperDhtProtocol.Connected dialled:
                if (_dials.TryGetValue(dialled.Session.RemotePublicKey, out Dial? dial) && dial.Tag == dialled.Tag)
                    Attach(new ConnectionPoolProtocol.Connected(dialled.Connection, dialled.Session, dialled.Address));
                else
                    dialled.Connection.Tell(ConnectionProtocol.Destroy.Instance);
                break;
            case HyperDhtProtocol.Accepted accepted:
                Admit(new ConnectionPoolProtocol.Connected(accepted.Connection, accepted.Session, accepted.Address));
                break;
            case HyperDhtProtocol.ConnectFailed failed:
                if (_dials.TryGetValue(failed.Remote, out Dial? ended) && ended.Tag == failed.Tag)
                    Answer(failed.Remote, new ConnectionPoolProtocol.ConnectFailed(failed.Remote, failed.Code));
                break;
            case ConnectionProtocol.Closed:
                HandleClosed(Sender);
                break;
            case HyperDhtProtocol.IEvent:
                _owner.Forward(message);
                break;
        }
    }

    private void Connect(ConnectionPoolProtocol.Connect order, IActorRef asker)
    {
        PublicKey remote = order.Remote;
        if (_open.TryGetValue(remote, out ConnectionPoolProtocol.Connected? open))
        {
            asker.Tell(open);
            return;
        }

        if (!_dials.TryGetValue(remote, out Dial? dial))
        {
            _dials[remote] = dial = new Dial(++_lastTag);
            _dht.Tell(new HyperDhtProtocol.Connect(dial.Tag, remote, _keyPair) { Preamble = order.Preamble });
        }

        if (dial.Askers.Count < MaxWaiting)
            dial.Askers.Add(asker);
        else
            asker.Tell(new ConnectionPoolProtocol.ConnectFailed(remote, ConnectFailureCodes.TooManyConnections));
    }

    // A dial that is under way is an older connection of our own.
    private void Admit(ConnectionPoolProtocol.Connected accepted)
    {
        PublicKey remote = accepted.Session.RemotePublicKey;
        if (!_dials.TryGetValue(remote, out Dial? dial) || _open.ContainsKey(remote))
        {
            Attach(accepted);
        }
        else if (IsOurChoice(accepted))
        {
            _dht.Tell(new HyperDhtProtocol.CancelConnect(dial.Tag));
            Attach(accepted);
        }
        else
        {
            accepted.Connection.Tell(ConnectionProtocol.Destroy.Instance);
        }
    }

    private void Attach(ConnectionPoolProtocol.Connected connected)
    {
        PublicKey remote = connected.Session.RemotePublicKey;
        if (!_open.TryGetValue(remote, out ConnectionPoolProtocol.Connected? existing))
        {
            _open[remote] = connected;
            _owner.Tell(connected);
            Answer(remote, connected);
        }
        else if (connected.Session.IsInitiator == existing.Session.IsInitiator || IsOurChoice(connected))
        {
            if (_successors.Remove(remote, out ConnectionPoolProtocol.Connected? displaced))
                displaced.Connection.Tell(ConnectionProtocol.Destroy.Instance);
            _successors[remote] = connected;
            existing.Connection.Tell(ConnectionProtocol.Destroy.Instance);
        }
        else
        {
            connected.Connection.Tell(ConnectionProtocol.Destroy.Instance);
        }
    }

    // The side with the greater key keeps the newer one; the other side does not, and so both keep what the lesser key has dialled.
    private static bool IsOurChoice(ConnectionPoolProtocol.Connected connected)
        => connected.Session.LocalPublicKey > connected.Session.RemotePublicKey;

    private void HandleClosed(IActorRef connection)
    {
        if (_open.Values.FirstOrDefault(open => open.Connection.Equals(connection)) is { } closed)
        {
            PublicKey remote = closed.Session.RemotePublicKey;
            _open.Remove(remote);
            _owner.Tell(new ConnectionPoolProtocol.Closed(connection, remote));
            if (_successors.Remove(remote, out ConnectionPoolProtocol.Connected? successor))
                Attach(successor);
        }
        else if (_successors.Values.FirstOrDefault(waiting => waiting.Connection.Equals(connection)) is { } lost)
        {
            _successors.Remove(lost.Session.RemotePublicKey);
        }
    }

    private void Answer(PublicKey remote, object outcome)
    {
        if (!_dials.Remove(remote, out Dial? dial))
            return;
        foreach (IActorRef asker in dial.Askers)
            asker.Tell(outcome);
    }

    private sealed record Dial(long Tag)
    {
        public List<IActorRef> Askers { get; } = [];
    }
}
