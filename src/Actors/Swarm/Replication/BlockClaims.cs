using Akka.Actor;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Which session fetches which block of one core, so that no two fetch the same.</summary>
internal sealed class BlockClaims(int limit)
{
    private readonly Dictionary<long, IActorRef> _claims = [];

    /// <summary>Gives a block to a session; false when another one fetches it or there are too many claims.</summary>
    public bool TryClaim(long block, IActorRef session)
    {
        if (_claims.TryGetValue(block, out IActorRef? holder))
            return holder.Equals(session);
        if (_claims.Count >= limit)
            return false;
        _claims.Add(block, session);
        return true;
    }

    /// <summary>The block has come, or is wanted no longer.</summary>
    public void End(long start, long count)
    {
        if (count <= _claims.Count)
        {
            for (long block = start; block < start + count; block++)
                _claims.Remove(block);
        }
        else
            foreach (long block in _claims.Keys.Where(block => block >= start && block - start < count).ToArray())
                _claims.Remove(block);
    }

    /// <summary>Takes blocks back from their session; answers those that it held.</summary>
    public IReadOnlyList<long> Release(IEnumerable<long> blocks, IActorRef session)
        => [.. blocks.Where(block => _claims.TryGetValue(block, out IActorRef? holder) && holder.Equals(session) && _claims.Remove(block))];

    /// <summary>Takes back everything that a session held.</summary>
    public IReadOnlyList<long> ReleaseAll(IActorRef session)
        => Release(_claims.Where(claim => claim.Value.Equals(session)).Select(claim => claim.Key).ToArray(), session);
}
