using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht.Punching;

/// <summary>
/// UDP ports that holepunches have opened, each for one connection and for those that go the same way later; none outlives them, but for a
/// while when another connection may come.
/// </summary>
internal sealed class PunchSockets(PeerRuntime runtime, DhtNodeActorOptions options)
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(3);
    private readonly Dictionary<LocalSocket, Entry> _sockets = [];
    private readonly Dictionary<IActorRef, LocalSocket> _byActor = [];
    private readonly Dictionary<IActorRef, HashSet<LocalSocket>> _byConnection = [];
    private readonly HashSet<IActorRef> _closing = [];
    private long _opened;

    public LocalSocket? Of(IActorRef socket) => _byActor.TryGetValue(socket, out LocalSocket local) ? local : null;

    public DhtNodeProtocol.SocketCounts Counts => new(_opened, _opened - _sockets.Count - _closing.Count);

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
            case DhtNodeProtocol.KeepSocket keep:
                Keep(context, keep);
                break;
            case DhtNodeProtocol.LeaveSocket leave when IsUsing(leave.Connection, leave.Socket):
                Leave(context, leave.Socket, leave.Connection, mayLinger: false);
                break;
            case DhtNodeProtocol.ShareSocket share when _sockets.TryGetValue(share.Socket, out Entry? entry):
                Use(context, share.Socket, entry, share.Connection);
                break;
            case DhtNodeProtocol.LetSocketLinger linger when _sockets.TryGetValue(linger.Socket, out Entry? entry):
                entry.Lingers = linger.Lingers;
                break;
            case DhtNodeProtocol.LingerOver over when _sockets.TryGetValue(over.Socket, out Entry? entry)
                && entry.Actor.Equals(over.Datagrams) && entry.Connections.Count == 0:
                Close(over.Socket);
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

    public void StopLingering()
    {
        foreach (Entry entry in _sockets.Values)
            entry.StopLingering();
    }

    public void CloseAll()
    {
        foreach (LocalSocket socket in _sockets.Keys.ToArray())
            Close(socket);
    }

    public void Remove(IActorContext context, IActorRef stopped)
    {
        _closing.Remove(stopped);
        if (_byActor.TryGetValue(stopped, out LocalSocket local))
            Forget(local);
        if (!_byConnection.TryGetValue(stopped, out HashSet<LocalSocket>? sockets))
            return;
        foreach (LocalSocket socket in sockets.ToArray())
            Leave(context, socket, stopped);
        _byConnection.Remove(stopped);
    }

    private void Open(IActorContext context, DhtNodeProtocol.OpenSocket open)
    {
        IActorRef actor = context.ActorOf(DatagramActor.Props(runtime, DatagramOptions.AnyPort(options.Bind.Host)), "punch-socket-" + ++_opened);
        Entry entry = _sockets[open.Socket] = new Entry(context.Watch(actor), open.Puncher);
        _byActor[actor] = open.Socket;
        Use(context, open.Socket, entry, open.Connection);
        actor.Tell(new DatagramProtocol.AddStream(open.StreamId, open.Connection));
        context.Parent.Tell(new DhtNodeProtocol.SocketOpened(open.Socket, actor, open.StreamId));
    }

    private void Use(IActorContext context, LocalSocket socket, Entry entry, IActorRef connection)
    {
        entry.StopLingering();
        entry.Connections.Add(connection);
        if (!_byConnection.TryGetValue(connection, out HashSet<LocalSocket>? sockets))
            _byConnection[context.Watch(connection)] = sockets = [];
        sockets.Add(socket);
    }

    private bool IsUsing(IActorRef connection, LocalSocket socket)
        => _byConnection.TryGetValue(connection, out HashSet<LocalSocket>? sockets) && sockets.Contains(socket);

    // It may have been left already, when its remote shows itself there after all.
    private void Keep(IActorContext context, DhtNodeProtocol.KeepSocket keep)
    {
        if (_byActor.TryGetValue(keep.Datagrams, out LocalSocket kept))
            Use(context, kept, _sockets[kept], keep.Connection);
        if (!_byConnection.TryGetValue(keep.Connection, out HashSet<LocalSocket>? sockets))
            return;
        foreach (LocalSocket socket in sockets.Where(socket => !_sockets[socket].Actor.Equals(keep.Datagrams)).ToArray())
            Leave(context, socket, keep.Connection);
    }

    private void Leave(IActorContext context, LocalSocket socket, IActorRef connection, bool mayLinger = true)
    {
        Entry entry = _sockets[socket];
        entry.Connections.Remove(connection);
        _byConnection[connection].Remove(socket);
        if (entry.Connections.Count > 0)
            return;
        if (entry.Lingers && mayLinger)
            entry.Linger(context, new DhtNodeProtocol.LingerOver(socket, entry.Actor));
        else
            Close(socket);
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
        foreach (IActorRef connection in entry.Connections)
            _byConnection[connection].Remove(socket);
        entry.StopLingering();
        return entry.Actor;
    }

    private sealed record Entry(IActorRef Actor, IActorRef Puncher)
    {
        private ICancelable? _end;

        public HashSet<IActorRef> Connections { get; } = [];

        /// <summary>Another connection may come after the last one.</summary>
        public bool Lingers { get; set; }

        public void Linger(IActorContext context, DhtNodeProtocol.LingerOver end)
            => _end = context.System.Scheduler.ScheduleTellOnceCancelable(LingerTime, context.Self, end, context.Self);

        public void StopLingering()
        {
            _end?.Cancel();
            _end = null;
        }
    }
}
