using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.BlindRelay;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>The channels of a relay with its clients.</summary>
internal sealed class RelaySessions(IActorRef owner)
{
    private readonly Dictionary<RelaySessionId, IActorRef> _connections = [];
    private readonly Dictionary<IActorRef, ConnectionProtocol.Way> _ways = [];
    private int _last;

    public int Count => _connections.Count;

    /// <summary>A channel that the client has asked for.</summary>
    public RelaySessionId Add(IActorRef connection, ReadOnlyMemory<byte> id)
    {
        RelaySessionId session = new(++_last);
        _connections.Add(session, connection);
        connection.Tell(new ConnectionProtocol.GetWay(), owner);
        connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(owner, session.Number), RelayMessage.Channel(id)), owner);
        return session;
    }

    public void Send(RelaySessionId session, RelayMessage message)
    {
        if (TryGet(session, out IActorRef? connection))
            connection.Tell(new ConnectionProtocol.SendMessages(
                new ChannelKey(owner, session.Number), [new ChannelMessage(message.Type, message.Encode())]), owner);
    }

    /// <summary>Where a client is, which is where packets for its streams go as long as these have not come from elsewhere.</summary>
    public void NoteWay(IActorRef connection, ConnectionProtocol.Way way)
    {
        if (_connections.ContainsValue(connection))
            _ways[connection] = way;
    }

    public ConnectionProtocol.Way? WayOf(RelaySessionId session)
        => TryGet(session, out IActorRef? connection) ? _ways.GetValueOrDefault(connection) : null;

    public bool Remove(RelaySessionId session)
    {
        if (!_connections.Remove(session, out IActorRef? connection))
            return false;
        if (!_connections.ContainsValue(connection))
            _ways.Remove(connection);
        return true;
    }

    private bool TryGet(RelaySessionId session, [NotNullWhen(true)] out IActorRef? connection)
        => _connections.TryGetValue(session, out connection);
}
