using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>A bounded map whose entries are forgotten when nobody has read or written them for about a lifetime.</summary>
internal sealed class GenerationCache<TValue>
{
    private readonly int _capacity;
    private readonly GenerationClock _clock;
    private Dictionary<Bytes32, TValue> _latest = [];
    private Dictionary<Bytes32, TValue> _oldest = [];

    /// <param name="capacity">Entries of one generation; two are kept.</param>
    public GenerationCache(int capacity, TimeSpan lifetime)
    {
        _capacity = capacity;
        _clock = new GenerationClock(lifetime);
    }

    public int Count => _latest.Count + _oldest.Count;

    public void Set(Bytes32 key, TValue value, TimeSpan now)
    {
        Advance(now);
        _oldest.Remove(key);
        _latest[key] = value;
        if (_latest.Count < _capacity)
            return;
        Turn();
        _clock.Turned();
    }

    /// <summary>Reading an old entry renews it.</summary>
    public bool TryGet(Bytes32 key, TimeSpan now, [MaybeNullWhen(false)] out TValue value)
    {
        Advance(now);
        if (_latest.TryGetValue(key, out value))
            return true;
        if (!_oldest.Remove(key, out value))
            return false;
        _latest[key] = value;
        return true;
    }

    public void Remove(Bytes32 key)
    {
        if (!_latest.Remove(key))
            _oldest.Remove(key);
    }

    private void Advance(TimeSpan now)
    {
        for (int turns = _clock.TurnsDue(now); turns > 0; turns--)
            Turn();
    }

    private void Turn()
    {
        _oldest = _latest;
        _latest = [];
    }
}
