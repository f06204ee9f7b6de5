using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht.Punching;

/// <summary>UDP ports that holepunches have opened, each for one connection; none outlives it.</summary>
internal sealed class PunchSockets(PeerRuntime runtime, DhtNodeActorOptions options)
{
    private readonly Dictionary<LocalSocket, Entry> _sockets = [];
    private readonly Dictionary<IActorRef, LocalSocket> _byActor = [];
    private readonly Dictionary<IActorRef, HashSet<LocalSocket>> _byConnection = [];
    private readonly HashSet<IActorRef> _closing = [];
    private long _opened;

    public LocalSocket? Of(IActorRef socket) => _byActor.TryGetValue(socket, out LocalSocket local) ? local : null;

    /// <summary>None is open, and all that those were told to send has left.</summary>
    public bool AreClosed => _sockets.Count == 0 && _closing.Count == 0;

    public IActorRef? Find(LocalSocket socket) => _sockets.TryGetValue(socket, out Entry? entry) ? entry.Actor : null;

    public void Handle(IActorContext context, DhtNodeProtocol.ISocketCommand command)
    {
        switch (command)
        {
            case DhtNodeProtocol.OpenSocket open when _sockets.Count < options.MaxPunchSockets && !_sockets.ContainsKey(open.Socket):
                Open(context, open);
                break;
            case DhtNodeProtocol.CloseSocket close:
                Close(close.Socket);
                break;
            case DhtNodeProtocol.KeepSocket keep when _byConnection.TryGetValue(keep.Connection, out HashSet<LocalSocket>? sockets):
                foreach (LocalSocket socket in sockets.Where(socket => !_sockets[socket].Actor.Equals(keep.Datagrams)).ToArray())
                    Close(socket);
                break;
        }
    }

    public bool TakeProbe(LocalSocket socket, PeerAddress from)
    {
        if (!_sockets.TryGetValue(socket, out Entry? entry))
            return false;
        entry.Puncher.Tell(new DhtNodeProtocol.ProbeReceived(socket, from));
        return true;
    }

    public void CloseAll()
    {
        foreach (LocalSocket socket in _sockets.Keys.ToArray())
            Close(socket);
    }

    public void Remove(IActorRef stopped)
    {
        _closing.Remove(stopped);
        if (_byActor.TryGetValue(stopped, out LocalSocket local))
            Forget(local);
        if (!_byConnection.TryGetValue(stopped, out HashSet<LocalSocket>? sockets))
            return;
        foreach (LocalSocket socket in sockets.ToArray())
            Close(socket);
        _byConnection.Remove(stopped);
    }

    private void Open(IActorContext context, DhtNodeProtocol.OpenSocket open)
    {
        IActorRef actor = context.ActorOf(DatagramActor.Props(runtime, DatagramOptions.AnyPort(options.Bind.Host)), "punch-socket-" + ++_opened);
        _sockets[open.Socket] = new Entry(context.Watch(actor), open.Puncher, open.Connection);
        _byActor[actor] = open.Socket;
        if (!_byConnection.TryGetValue(open.Connection, out HashSet<LocalSocket>? sockets))
            _byConnection[context.Watch(open.Connection)] = sockets = [];
        sockets.Add(open.Socket);
        actor.Tell(new DatagramProtocol.AddStream(open.StreamId, open.Connection));
        context.Parent.Tell(new DhtNodeProtocol.SocketOpened(open.Socket, actor, open.StreamId));
    }

    // What has been told to the socket before still goes out.
    private void Close(LocalSocket socket)
    {
        if (Forget(socket) is not { } actor)
            return;
        _closing.Add(actor);
        actor.Tell(PoisonPill.Instance);
    }

    private IActorRef? Forget(LocalSocket socket)
    {
        if (!_sockets.Remove(socket, out Entry? entry))
            return null;
        _byActor.Remove(entry.Actor);
        _byConnection[entry.Connection].Remove(socket);
        return entry.Actor;
    }

    private sealed record Entry(IActorRef Actor, IActorRef Puncher, IActorRef Connection);
}
