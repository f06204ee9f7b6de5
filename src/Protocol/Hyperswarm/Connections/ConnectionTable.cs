using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>The connections of a swarm, one for each peer, counted by kind.</summary>
internal sealed class ConnectionTable
{
    private readonly Dictionary<SwarmConnectionId, SwarmConnection> _byId = [];
    private readonly Dictionary<PublicKey, SwarmConnection> _byRemote = [];

    public IEnumerable<SwarmConnection> All => _byId.Values;

    public int Count => _byId.Count;

    /// <summary>Dials under way.</summary>
    public int Connecting { get; private set; }

    public int Clients { get; private set; }

    public int Servers => Count - Clients;

    public bool Has(PublicKey remote) => _byRemote.ContainsKey(remote);

    public bool IsOpen(PublicKey remote) => _byRemote.TryGetValue(remote, out SwarmConnection? connection) && connection.IsOpen;

    public bool TryGet(PublicKey remote, [NotNullWhen(true)] out SwarmConnection? connection)
        => _byRemote.TryGetValue(remote, out connection);

    public bool TryGet(SwarmConnectionId id, [NotNullWhen(true)] out SwarmConnection? connection) => _byId.TryGetValue(id, out connection);

    /// <summary>The connection that an arrival waits for.</summary>
    public SwarmConnection? PredecessorOf(SwarmConnectionId arrival) => All.FirstOrDefault(connection => connection.Successor?.Id == arrival);

    public void Add(SwarmConnection connection)
    {
        _byId[connection.Id] = connection;
        _byRemote[connection.Peer.Key] = connection;
        if (!connection.IsClient)
            return;
        Clients++;
        Connecting++;
    }

    public void Open(SwarmConnection connection)
    {
        connection.IsOpen = true;
        Connecting--;
    }

    public void Remove(SwarmConnection connection)
    {
        _byId.Remove(connection.Id);
        _byRemote.Remove(connection.Peer.Key);
        if (!connection.IsClient)
            return;
        Clients--;
        if (!connection.IsOpen)
            Connecting--;
    }
}
