using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>
/// The ways of connections that both ends want to go again, by remote key: the first of each, as long as its socket is open and no connection
/// has failed on it. The one that is known longest makes room.
/// </summary>
internal sealed class SocketRoutes(IActorRef node, int capacity)
{
    private readonly OrderedDictionary<PublicKey, Route> _routes = [];

    public void Add(IActorContext context, PublicKey remote, StreamPath way, IActorRef port)
    {
        if (!_routes.TryAdd(remote, new Route(way, context.Watch(port))))
            return;
        if (_routes.Count > capacity)
            _routes.RemoveAt(0);
        node.Tell(new DhtNodeProtocol.LetSocketLinger(way.Socket));
    }

    /// <summary>The way of a socket that a holepunch opened, or of the one that requests leave from now; as upstream, of no other.</summary>
    public StreamPath? Find(PublicKey remote, LocalSocket requests)
        => _routes.TryGetValue(remote, out Route? route) && (!IsOfNode(route.Way.Socket) || route.Way.Socket == requests) ? route.Way : null;

    /// <summary>Gives another connection the packets of its stream that arrive on the socket of a route; false when no route has that socket.</summary>
    public bool TryShare(LocalSocket socket, uint streamId, IActorRef connection, [NotNullWhen(true)] out IActorRef? port)
    {
        port = null;
        if (IsOfNode(socket))
            return false;
        port = _routes.Values.FirstOrDefault(route => route.Way.Socket == socket)?.Port;
        if (port is null)
            return false;
        port.Tell(new DatagramProtocol.AddStream(streamId, connection));
        node.Tell(new DhtNodeProtocol.ShareSocket(socket, connection));
        return true;
    }

    /// <summary>Ends <see cref="TryShare"/> of a connection that has not come about on the socket.</summary>
    public void Leave(LocalSocket socket, IActorRef connection) => node.Tell(new DhtNodeProtocol.LeaveSocket(socket, connection));

    /// <summary>A connection has failed.</summary>
    public void HandleFailure(PublicKey remote, IActorRef port)
    {
        if (!_routes.TryGetValue(remote, out Route? route) || !route.Port.Equals(port))
            return;
        _routes.Remove(remote);
        node.Tell(new DhtNodeProtocol.LetSocketLinger(route.Way.Socket, Lingers: false));
    }

    /// <summary>False when the actor was no socket of a route.</summary>
    public bool Remove(IActorRef stopped)
    {
        PublicKey[] gone = [.. _routes.Where(route => route.Value.Port.Equals(stopped)).Select(route => route.Key)];
        foreach (PublicKey remote in gone)
            _routes.Remove(remote);
        return gone.Length > 0;
    }

    private static bool IsOfNode(LocalSocket socket) => socket == LocalSocket.Server || socket == LocalSocket.Client;

    private sealed record Route(StreamPath Way, IActorRef Port);
}
