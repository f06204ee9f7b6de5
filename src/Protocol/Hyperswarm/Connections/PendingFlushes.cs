using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>Flushes that wait until every peer they saw has been dialled, whatever came of it.</summary>
internal sealed class PendingFlushes(Queue<SwarmEffect> effects)
{
    private readonly List<(long Tag, HashSet<PublicKey> Missing)> _pending = [];

    public int Count => _pending.Count;

    public void Add(long tag, IEnumerable<PublicKey> missing)
    {
        HashSet<PublicKey> peers = [.. missing];
        if (peers.Count == 0)
            effects.Enqueue(new SwarmEffect.Flushed(tag, true));
        else
            _pending.Add((tag, peers));
    }

    public void Settle(PublicKey peer)
    {
        foreach ((long tag, HashSet<PublicKey> missing) in _pending)
        {
            if (missing.Remove(peer) && missing.Count == 0)
                effects.Enqueue(new SwarmEffect.Flushed(tag, true));
        }

        _pending.RemoveAll(flush => flush.Missing.Count == 0);
    }

    public void SettleAll(bool succeeded)
    {
        foreach ((long tag, _) in _pending)
            effects.Enqueue(new SwarmEffect.Flushed(tag, succeeded));
        _pending.Clear();
    }
}
