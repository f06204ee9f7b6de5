using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The node's UDP ports: its own, and those opened for holepunches.</summary>
/// <remarks>An open node needs no client socket: all its requests leave from the server socket.</remarks>
internal sealed class NodeSockets(PeerRuntime runtime, DhtNodeActorOptions options)
{
    /// <summary>Messages that a datagram waits for at most before it leaves.</summary>
    private const int MaxDelays = 16;

    private readonly HashSet<IActorRef> _closing = [];
    private readonly bool _hasClient = options.Node.IsFirewalled;
    private readonly bool _isTraced = runtime.Events.Records(EventKind.NetSend);
    private readonly PunchSockets _punchSockets = new(runtime, options);
    private readonly Dictionary<IActorRef, IStreamRoutes> _streams = [];
    private IActorRef _server = ActorRefs.Nobody;
    private IActorRef? _client;
    private OutgoingQueue? _fromServer;
    private OutgoingQueue? _fromClient;
    private PeerAddress? _lastServer;
    private PeerAddress? _lastClient;
    private bool _isOpen;
    private int _delays;
    private bool _isStopping;
    private bool _isRestUntold;

    /// <summary>Opens the node's own sockets, after a rest where they were before if the ports are free.</summary>
    public void Open(IActorContext context)
    {
        _isOpen = true;
        if (_closing.Count > 0 || !_server.IsNobody())
            return;
        _server = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Server(_lastServer)), "server-socket"));
        if (_hasClient)
            _client = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Client(_lastClient)), "client-socket"));
    }

    /// <summary>Apart from those of the node itself.</summary>
    public DhtNodeProtocol.SocketCounts PunchCounts => _punchSockets.Counts;

    /// <summary>One of the two that the node cannot do without.</summary>
    public bool IsOwn(IActorRef socket) => socket.Equals(_server) || socket.Equals(_client);

    /// <summary>Nothing for a socket that has been closed.</summary>
    public LocalSocket? Of(IActorRef socket)
        => socket.Equals(_client) ? LocalSocket.Client : socket.Equals(_server) ? LocalSocket.Server : _punchSockets.Of(socket);

    /// <summary>Answers what to tell the owner once all of the node's own sockets are bound.</summary>
    public DhtNodeProtocol.NodeBound? HandleBound(IActorRef socket, DatagramProtocol.Bound bound)
    {
        if (!IsOwn(socket))
            return null;
        OutgoingQueue queue = new(bound.Port);
        _streams[socket] = bound.Streams;
        if (socket.Equals(_server))
            _fromServer = queue;
        else
            _fromClient = queue;
        bool isComplete = _fromServer is not null && (!_hasClient || _fromClient is not null);
        return isComplete
            ? new DhtNodeProtocol.NodeBound(_fromServer!.LocalAddress, _fromClient?.LocalAddress, _server, _client) { Streams = [.. _streams.Values] }
            : null;
    }

    public void Handle(IActorContext context, DhtNodeProtocol.ISocketCommand command)
    {
        switch (command)
        {
            case DhtNodeProtocol.Transmit transmit:
                Send(transmit.Socket, transmit.Bytes, transmit.To, transmit.TimeToLive);
                break;
            case DhtNodeProtocol.Suspend:
                _isRestUntold = true;
                Close(context);
                break;
            case DhtNodeProtocol.Resume when !_isStopping:
                Open(context);
                break;
            case DhtNodeProtocol.Stop:
                _isStopping = true;
                Close(context);
                break;
            default:
                _punchSockets.Handle(context, command);
                break;
        }
    }

    /// <summary>Passes one byte on to whoever opened the socket; false when it is no probe.</summary>
    public bool TakeProbe(LocalSocket socket, Datagram datagram)
        => datagram.Bytes.Length == 1 && _punchSockets.TakeProbe(socket, datagram.From);

    /// <summary>A connection, or a socket, has stopped.</summary>
    public void Remove(IActorContext context, IActorRef stopped)
    {
        bool wasOwn = _closing.Remove(stopped);
        _punchSockets.Remove(context, stopped);
        Settle(context);
        if (wasOwn && _isOpen)
            Open(context);
    }

    /// <summary>What leaves from the node's own sockets waits for <see cref="Flush"/>.</summary>
    public void Send(LocalSocket socket, ReadOnlyMemory<byte> bytes, PeerAddress to, int timeToLive)
    {
        OutgoingQueue? queue = socket == LocalSocket.Server || (socket == LocalSocket.Client && _client is null) ? _fromServer
            : socket == LocalSocket.Client ? _fromClient : null;
        if (queue is not null)
            queue.Add(bytes, to, timeToLive);
        else if (socket != LocalSocket.Server && socket != LocalSocket.Client)
            _punchSockets.Find(socket)?.Tell(new DatagramProtocol.Send(bytes, to, timeToLive));
    }

    /// <summary>The event log wants to know which datagram has caused which: answers must not wait for those to the next one.</summary>
    public void FlushTraced()
    {
        if (_isTraced)
            Flush();
    }

    /// <summary>What more messages will send can leave together with what waits, but not for long: the messages may send nothing.</summary>
    public void FlushUnless(bool moreFollows)
    {
        if (moreFollows && ++_delays < MaxDelays)
            return;
        _delays = 0;
        Flush();
    }

    /// <summary>Hands what has been sent since the last time to the network, in one go for each socket.</summary>
    public void Flush()
    {
        _fromServer?.Flush();
        _fromClient?.Flush();
    }

    /// <summary>The node is stopping, and its sockets with it.</summary>
    public void Cancel() => _punchSockets.StopLingering();

    private void Settle(IActorContext context)
    {
        if (_closing.Count > 0 || !_punchSockets.AreClosed)
            return;
        if (_isStopping)
            context.Stop(context.Self);
        else if (_isRestUntold)
            context.Parent.Tell(new DhtNodeProtocol.Rested());
        _isRestUntold = false;
    }

    /// <summary>Closes all sockets, after what connections have told them to send, until <see cref="Open"/>.</summary>
    private void Close(IActorContext context)
    {
        _isOpen = false;
        Flush();
        _streams.Clear();
        foreach (IActorRef socket in new[] { _server, _client }.OfType<IActorRef>().Where(socket => !socket.IsNobody()))
        {
            _closing.Add(socket);
            socket.Tell(PoisonPill.Instance);
        }

        (_lastServer, _lastClient) = (_fromServer?.LocalAddress ?? _lastServer, _fromClient?.LocalAddress ?? _lastClient);
        (_server, _client, _fromServer, _fromClient) = (ActorRefs.Nobody, null, null, null);
        _punchSockets.CloseAll();
        Settle(context);
    }
}
