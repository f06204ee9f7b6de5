using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a node knows about one of its connections.</summary>
internal sealed class ConnectionEntry(IActorRef actor, uint streamId, ConnectionOwner owner)
{
    public IActorRef Actor { get; } = actor;

    public uint StreamId { get; } = streamId;

    public ConnectionOwner Owner { get; } = owner;

    public NoiseResult? Session { get; set; }

    /// <summary>Both ends want the next connection to go the same way.</summary>
    public bool ReusesSocket { get; set; }

    /// <summary>The socket that the next connection may use.</summary>
    public IActorRef? RoutePort { get; set; }

    public ConnectionPath Path { get; set; }

    /// <summary>Packets can be sent.</summary>
    public bool HasWay { get; set; }

    public TimeSpan BegunAt { get; init; }

    /// <summary>Present once the remote has proven itself.</summary>
    public HyperDhtProtocol.ConnectionSummary? Summary { get; set; }

    public Dictionary<LocalSocket, IActorRef> PunchSockets { get; } = [];

    /// <summary>The consumer knows the connection.</summary>
    public bool IsTold { get; set; }

    /// <summary>The consumer has been told the end already.</summary>
    public bool IsSilent { get; set; }

    public HyperDhtProtocol.ConnectionSummary SummaryAt(TimeSpan now) => Summary! with { Age = now - BegunAt - Summary.OpenedIn };

    public void Note(ConnectionPath path, PeerAddress? remote)
    {
        Path = path;
        if (Summary is not null && remote is { } address)
            Summary = Summary with { Path = path, Address = address };
    }

    public IActorRef? Find(LocalSocket socket) => PunchSockets.GetValueOrDefault(socket);

    public LocalSocket? SocketOf(IActorRef datagrams)
    {
        foreach ((LocalSocket socket, IActorRef port) in PunchSockets)
        {
            if (port.Equals(datagrams))
                return socket;
        }

        return null;
    }
}
