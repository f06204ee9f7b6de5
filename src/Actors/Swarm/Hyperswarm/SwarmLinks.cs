using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>A connection of a swarm as actors know it.</summary>
internal sealed record SwarmLink(IActorRef Connection, NoiseResult Session, PeerAddress Address);

/// <summary>The connections of a swarm that have an actor, by both their names.</summary>
internal sealed class SwarmLinks
{
    private readonly Dictionary<SwarmConnectionId, SwarmLink> _byId = [];
    private readonly Dictionary<IActorRef, SwarmConnectionId> _byConnection = [];

    public void Add(SwarmConnectionId id, SwarmLink link)
    {
        _byId[id] = link;
        _byConnection[link.Connection] = id;
    }

    public bool TryGet(SwarmConnectionId id, [NotNullWhen(true)] out SwarmLink? link) => _byId.TryGetValue(id, out link);

    public bool TryGet(IActorRef connection, out SwarmConnectionId id) => _byConnection.TryGetValue(connection, out id);

    public void Remove(SwarmConnectionId id)
    {
        if (_byId.Remove(id, out SwarmLink? link))
            _byConnection.Remove(link.Connection);
    }
}
