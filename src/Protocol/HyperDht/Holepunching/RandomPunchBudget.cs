namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Searches for random ports are noisy: a node makes few at once, and rests between them.</summary>
public sealed class RandomPunchBudget(HolepunchOptions options, TimeSpan now)
{
    private readonly HashSet<uint> _holders = [];
    private TimeSpan? _restsUntil = FirstRest(options, now);

    public bool IsHeldBy(uint streamId) => _holders.Contains(streamId);

    public bool TryReserve(uint streamId, TimeSpan now)
    {
        if (_holders.Contains(streamId))
            return true;
        return _holders.Count < options.RandomPunches && !(now < _restsUntil) && _holders.Add(streamId);
    }

    /// <summary>After a rest of the whole node its first search waits as it did at the start.</summary>
    public void HandleResumed(TimeSpan now) => _restsUntil = FirstRest(options, now) ?? _restsUntil;

    /// <param name="streamId">Whose search it was; others are ignored.</param>
    /// <param name="wasUsed">Probes were sent, so that a rest is due.</param>
    /// <param name="now">The time.</param>
    public void Release(uint streamId, bool wasUsed, TimeSpan now)
    {
        if (_holders.Remove(streamId) && wasUsed)
            _restsUntil = now + options.RandomPunchInterval;
    }

    private static TimeSpan? FirstRest(HolepunchOptions options, TimeSpan now)
        => options.DefersRandomPunches ? now + options.RandomPunchInterval : null;
}
