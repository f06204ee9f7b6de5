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
    /// Takes a new connection. Where there are two to one remote, both sides keep the same one: that which the lower key dialled,
    /// or the newer of two that one side dialled. The other is returned.
    /// </summary>
    public PeerLink? Add(PeerLink link)
    {
        if (_byRemote.TryGetValue(link.Remote, out PeerLink? present))
        {
            if (!Prevails(link, present))
                return link;
            _byConnection.Remove(present.Connection);
        }

        _byRemote[link.Remote] = link;
        _byConnection[link.Connection] = link;
        return present;
    }

    /// <summary>The link that ended with a connection; null when another has taken its place.</summary>
    public PeerLink? Remove(IActorRef connection)
    {
        if (_byConnection.Remove(connection, out PeerLink? link))
            _byRemote.Remove(link.Remote);
        return link;
    }

    private bool Prevails(PeerLink link, PeerLink present)
    {
        bool ownIsLower = own < link.Remote;
        return link.Session.IsInitiator == present.Session.IsInitiator || link.Session.IsInitiator == ownIsLower;
    }
}
