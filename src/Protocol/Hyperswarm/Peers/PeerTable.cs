using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>The peers that a swarm remembers.</summary>
internal sealed class PeerTable(HyperswarmOptions options)
{
    private readonly Dictionary<PublicKey, SwarmPeer> _peers = [];
    private readonly OrderedSet _explicit = new();
    private readonly OrderedSet _banned = new();

    public int Count => _peers.Count;

    /// <summary>Those that were joined by their key, in that order.</summary>
    public IEnumerable<SwarmPeer> Explicit => _explicit.Peers;

    public int ExplicitCount => _explicit.Count;

    public bool TryGet(PublicKey key, [NotNullWhen(true)] out SwarmPeer? peer) => _peers.TryGetValue(key, out peer);

    /// <summary>The peer with this key; null when it is new and there are too many.</summary>
    public SwarmPeer? FindOrAdd(PublicKey key)
    {
        if (_peers.TryGetValue(key, out SwarmPeer? peer))
            return peer;
        return _peers.Count >= options.MaxKnownPeers ? null : Add(key);
    }

    /// <summary>The peer with this key, however many there are: it has a connection or was named by our side.</summary>
    public SwarmPeer GetOrAdd(PublicKey key) => _peers.TryGetValue(key, out SwarmPeer? peer) ? peer : Add(key);

    public void SetExplicit(SwarmPeer peer, bool isExplicit)
    {
        peer.IsExplicit = isExplicit;
        _explicit.Set(peer, isExplicit);
    }

    /// <summary>The peer whose ban had to go, if one had to.</summary>
    public SwarmPeer? SetBanned(SwarmPeer peer, bool isBanned)
    {
        peer.IsBanned = isBanned;
        _banned.Set(peer, isBanned);
        if (_banned.Count <= options.MaxBannedPeers)
            return null;
        SwarmPeer oldest = _banned.Peers.First();
        oldest.IsBanned = false;
        _banned.Set(oldest, false);
        return oldest;
    }

    public void Remove(SwarmPeer peer) => _peers.Remove(peer.Key);

    private SwarmPeer Add(PublicKey key) => _peers[key] = new SwarmPeer(key);

    private sealed class OrderedSet
    {
        private readonly LinkedList<SwarmPeer> _order = [];
        private readonly Dictionary<PublicKey, LinkedListNode<SwarmPeer>> _nodes = [];

        public int Count => _nodes.Count;

        public IEnumerable<SwarmPeer> Peers => _order;

        public void Set(SwarmPeer peer, bool isMember)
        {
            if (isMember && !_nodes.ContainsKey(peer.Key))
                _nodes[peer.Key] = _order.AddLast(peer);
            else if (!isMember && _nodes.Remove(peer.Key, out LinkedListNode<SwarmPeer>? node))
                _order.Remove(node);
        }
    }
}
