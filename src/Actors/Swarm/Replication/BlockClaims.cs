using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Which session fetches which block of one core, so that no two fetch the same.</summary>
internal sealed class BlockClaims(int limit)
{
    private readonly Dictionary<long, IActorRef> _claims = [];
    private readonly HashSet<IActorRef> _postponed = [];

    /// <summary>Gives a block to a session, unless another one fetches it or there are too many claims.</summary>
    public ClaimResult Claim(long block, IActorRef session)
    {
        if (_claims.TryGetValue(block, out IActorRef? holder))
            return holder.Equals(session) ? ClaimResult.Granted : ClaimResult.Elsewhere;
        if (_claims.Count >= limit)
            return ClaimResult.Postponed;
        _claims.Add(block, session);
        return ClaimResult.Granted;
    }

    /// <summary>The session waits until there is room for more claims.</summary>
    public void Postpone(IActorRef session) => _postponed.Add(session);

    /// <summary>The blocks have come, or are wanted no longer.</summary>
    public void End(BlockRun blocks) => blocks.RemoveFrom(_claims);

    /// <summary>Takes blocks back from their session; answers those that it held.</summary>
    public IReadOnlyList<long> Release(IEnumerable<long> blocks, IActorRef session)
        => [.. blocks.Where(block => _claims.TryGetValue(block, out IActorRef? holder) && holder.Equals(session) && _claims.Remove(block))];

    /// <summary>Takes back everything that a session held.</summary>
    public IReadOnlyList<long> ReleaseAll(IActorRef session)
    {
        _postponed.Remove(session);
        return Release(_claims.Where(claim => claim.Value.Equals(session)).Select(claim => claim.Key).ToArray(), session);
    }

    /// <summary>Sessions that were put off and may claim again: once there is room for a good part of the claims, not for each.</summary>
    public IReadOnlyList<IActorRef> TakeReadmitted()
    {
        if (_postponed.Count == 0 || _claims.Count >= limit - (limit / 8))
            return [];
        IActorRef[] readmitted = [.. _postponed];
        _postponed.Clear();
        return readmitted;
    }
}

/// <summary>Who fetches a block that a session wants.</summary>
internal enum ClaimResult
{
    /// <summary>The session.</summary>
    Granted,

    /// <summary>Another one.</summary>
    Elsewhere,

    /// <summary>Nobody yet: there are too many claims.</summary>
    Postponed,
}
