using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The node's UDP ports: its own, and those opened for holepunches.</summary>
/// <remarks>An open node needs no client socket: all its requests leave from the server socket.</remarks>
internal sealed class NodeSockets(PeerRuntime runtime, DhtNodeActorOptions options)
{
    private readonly bool _hasClient = options.Node.IsFirewalled;
    private readonly PunchSockets _punchSockets = new(runtime, options);
    private IActorRef _server = ActorRefs.Nobody;
    private IActorRef? _client;
    private PeerAddress? _serverAddress;
    private PeerAddress? _clientAddress;

    public void Open(IActorContext context)
    {
        _server = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Server), "server-socket"));
        if (_hasClient)
            _client = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Client), "client-socket"));
    }

    /// <summary>One of the two that the node cannot do without.</summary>
    public bool IsOwn(IActorRef socket) => socket.Equals(_server) || socket.Equals(_client);

    /// <summary>Nothing for a socket that has been closed.</summary>
    public LocalSocket? Of(IActorRef socket)
        => socket.Equals(_client) ? LocalSocket.Client : socket.Equals(_server) ? LocalSocket.Server : _punchSockets.Of(socket);

    /// <summary>Answers what to tell the owner once all of the node's own sockets are bound.</summary>
    public DhtNodeProtocol.NodeBound? HandleBound(IActorRef socket, PeerAddress address)
    {
        if (!IsOwn(socket))
            return null;
        if (socket.Equals(_server))
            _serverAddress = address;
        else
            _clientAddress = address;
        bool isComplete = _serverAddress.HasValue && (!_hasClient || _clientAddress.HasValue);
        return isComplete ? new DhtNodeProtocol.NodeBound(_serverAddress!.Value, _clientAddress, _server, _client) : null;
    }

    public void Handle(IActorContext context, DhtNodeProtocol.ISocketCommand command)
    {
        if (command is DhtNodeProtocol.Transmit transmit)
            Send(transmit.Socket, transmit.Bytes, transmit.To, transmit.TimeToLive);
        else
            _punchSockets.Handle(context, command);
    }

    /// <summary>Passes one byte on to whoever opened the socket; false when it is no probe.</summary>
    public bool TakeProbe(LocalSocket socket, Datagram datagram)
        => datagram.Bytes.Length == 1 && _punchSockets.TakeProbe(socket, datagram.From);

    /// <summary>A connection, or a socket, has stopped.</summary>
    public void Remove(IActorRef stopped) => _punchSockets.Remove(stopped);

    public void Send(LocalSocket socket, ReadOnlyMemory<byte> bytes, PeerAddress to, int timeToLive)
    {
        IActorRef? port = socket == LocalSocket.Server || (socket == LocalSocket.Client && _client is null) ? _server
            : socket == LocalSocket.Client ? _client
            : _punchSockets.Find(socket);
        port?.Tell(new DatagramProtocol.Send(bytes, to, timeToLive));
    }
}
