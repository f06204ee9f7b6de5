using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>Peers that wait to be dialled: the highest priority first, in random order within one.</summary>
internal sealed class PeerQueue(IEntropy entropy)
{
    private readonly List<SwarmPeer>[] _byPriority = [.. Enum.GetValues<PeerPriority>().Select(_ => new List<SwarmPeer>())];

    public int Count { get; private set; }

    public IEnumerable<SwarmPeer> Peers => _byPriority.SelectMany(peers => peers);

    public void Add(SwarmPeer peer)
    {
        peer.IsQueued = true;
        _byPriority[(int)peer.Priority].Add(peer);
        Count++;
    }

    public bool TryTake([NotNullWhen(true)] out SwarmPeer? peer)
    {
        peer = null;
        if (Count == 0)
            return false;
        List<SwarmPeer> peers = _byPriority.Last(level => level.Count > 0);
        int index = entropy.NextInt32(peers.Count);
        peer = peers[index];
        peers[index] = peers[^1];
        peers.RemoveAt(peers.Count - 1);
        peer.IsQueued = false;
        Count--;
        return true;
    }

    public void Clear()
    {
        foreach (SwarmPeer peer in Peers)
            peer.IsQueued = false;
        foreach (List<SwarmPeer> level in _byPriority)
            level.Clear();
        Count = 0;
    }
}
