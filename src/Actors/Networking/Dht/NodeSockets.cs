using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The node's UDP ports. An open node needs no client socket: all its requests leave from the server socket.</summary>
internal sealed class NodeSockets(bool hasClient)
{
    private IActorRef _server = ActorRefs.Nobody;
    private IActorRef? _client;
    private PeerAddress? _serverAddress;
    private PeerAddress? _clientAddress;

    public void Open(IActorContext context, PeerRuntime runtime, DhtNodeActorOptions options)
    {
        _server = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Server), "server-socket"));
        if (hasClient)
            _client = context.Watch(context.ActorOf(DatagramActor.Props(runtime, options.Client), "client-socket"));
    }

    public bool Has(IActorRef socket) => socket.Equals(_server) || socket.Equals(_client);

    public LocalSocket Of(IActorRef socket) => socket.Equals(_client) ? LocalSocket.Client : LocalSocket.Server;

    /// <summary>Answers what to tell the owner once all sockets are bound.</summary>
    public DhtNodeProtocol.NodeBound? HandleBound(IActorRef socket, PeerAddress address)
    {
        if (Of(socket) == LocalSocket.Server)
            _serverAddress = address;
        else
            _clientAddress = address;
        bool isComplete = _serverAddress.HasValue && (!hasClient || _clientAddress.HasValue);
        return isComplete ? new DhtNodeProtocol.NodeBound(_serverAddress!.Value, _clientAddress, _server, _client) : null;
    }

    public void Send(LocalSocket socket, ReadOnlyMemory<byte> bytes, PeerAddress to)
    {
        IActorRef port = socket == LocalSocket.Client && _client is not null ? _client : _server;
        port.Tell(new DatagramProtocol.Send(bytes, to));
    }
}
