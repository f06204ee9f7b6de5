using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>The connections of a peer, one for each remote.</summary>
internal sealed class PeerLinks(PublicKey own)
{
    private readonly Dictionary<PublicKey, PeerLink> _byRemote = [];
    private readonly Dictionary<IActorRef, PeerLink> _byConnection = [];

    public int Count => _byRemote.Count;

    public bool TryGet(PublicKey remote, [NotNullWhen(true)] out PeerLink? link) => _byRemote.TryGetValue(remote, out link);

    public bool TryGet(IActorRef connection, [NotNullWhen(true)] out PeerLink? link) => _byConnection.TryGetValue(connection, out link);

    /// <summary>
    /// Takes a new connection. Of two that the sides dialled to each other both keep the same one, that which the lower key dialled; the
    /// other is returned. Two that the remote dialled both stay, since other programs may use one key for several.
    /// </summary>
    public PeerLink? Add(PeerLink link)
    {
        PeerLink? loser = null;
        if (_byRemote.TryGetValue(link.Remote, out PeerLink? present) && (link.Session.IsInitiator || present.Session.IsInitiator))
        {
            if (!Prevails(link, present))
                return link;
            _byConnection.Remove(present.Connection);
            loser = present;
        }

        _byRemote[link.Remote] = link;
        _byConnection[link.Connection] = link;
        return loser;
    }

    /// <summary>The last link to a remote, which ended with a connection; null when there is another.</summary>
    public PeerLink? Remove(IActorRef connection)
    {
        if (!_byConnection.Remove(connection, out PeerLink? link))
            return null;
        PeerLink? other = _byConnection.Values.LastOrDefault(candidate => candidate.Remote == link.Remote);
        if (other is not null)
            _byRemote[link.Remote] = other;
        else
            _byRemote.Remove(link.Remote);
        return other is null ? link : null;
    }

    private bool Prevails(PeerLink link, PeerLink present)
    {
        bool ownIsLower = own < link.Remote;
        return link.Session.IsInitiator == present.Session.IsInitiator || link.Session.IsInitiator == ownIsLower;
    }
}
