namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>What a swarm has counted since it started.</summary>
internal sealed class SwarmTally
{
    private long _clientClosed;
    private long _serverClosed;
    private long _updates;

    public long ClientAttempted { get; set; }

    public long ClientOpened { get; set; }

    public long ServerOpened { get; set; }

    public long BannedPeers { get; set; }

    public void Closed(SwarmConnection connection)
    {
        if (connection.IsClient)
            _clientClosed++;
        else
            _serverClosed++;
    }

    public SwarmCounts Update(ConnectionTable connections, int peers)
    {
        _updates++;
        return Read(connections, peers);
    }

    public SwarmCounts Read(ConnectionTable connections, int peers)
        => new(connections.Connecting, connections.Count - connections.Connecting, peers)
        {
            ClientAttempted = ClientAttempted,
            ClientOpened = ClientOpened,
            ClientClosed = _clientClosed,
            ServerOpened = ServerOpened,
            ServerClosed = _serverClosed,
            BannedPeers = BannedPeers,
            Updates = _updates,
        };
}
