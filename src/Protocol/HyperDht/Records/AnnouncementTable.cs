using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>Who announced which topic; an announcement has to be renewed, reading does not keep it.</summary>
internal sealed class AnnouncementTable
{
    private readonly int _capacity;
    private readonly GenerationClock _clock;
    private Dictionary<Bytes32, TopicRecords> _fresh = [];
    private Dictionary<Bytes32, TopicRecords> _stale = [];
    private int _freshCount;

    /// <param name="capacity">Announcements of one generation; two are kept.</param>
    public AnnouncementTable(int capacity, TimeSpan lifetime)
    {
        _capacity = capacity;
        _clock = new GenerationClock(lifetime);
    }

    public void Add(Bytes32 topic, PublicKey publicKey, byte[] record, TimeSpan now)
    {
        Advance(now);
        RemoveFrom(_stale, topic, publicKey);
        if (!_fresh.TryGetValue(topic, out TopicRecords? records))
            _fresh[topic] = records = new TopicRecords();
        if (!records.Set(publicKey, record) || ++_freshCount <= _capacity)
            return;
        Turn();
        _clock.Turned();
    }

    public void Remove(Bytes32 topic, PublicKey publicKey)
    {
        if (RemoveFrom(_fresh, topic, publicKey))
            _freshCount--;
        RemoveFrom(_stale, topic, publicKey);
    }

    /// <summary>Up to <paramref name="count"/> records of a topic, drawn at random without repetition.</summary>
    public List<ReadOnlyMemory<byte>> Sample(Bytes32 topic, int count, IEntropy entropy, TimeSpan now)
    {
        Advance(now);
        _fresh.TryGetValue(topic, out TopicRecords? fresh);
        _stale.TryGetValue(topic, out TopicRecords? stale);
        int freshLeft = fresh?.Count ?? 0, staleLeft = stale?.Count ?? 0;
        List<ReadOnlyMemory<byte>> sample = [];
        while (sample.Count < count && freshLeft + staleLeft > 0)
        {
            int drawn = entropy.NextInt32(freshLeft + staleLeft);
            sample.Add(drawn < freshLeft ? Take(fresh!, drawn, --freshLeft) : Take(stale!, drawn - freshLeft, --staleLeft));
        }

        return sample;
    }

    private static byte[] Take(TopicRecords records, int position, int last)
    {
        records.Swap(position, last);
        return records[last];
    }

    private static bool RemoveFrom(Dictionary<Bytes32, TopicRecords> generation, Bytes32 topic, PublicKey publicKey)
    {
        if (!generation.TryGetValue(topic, out TopicRecords? records) || !records.Remove(publicKey))
            return false;
        if (records.Count == 0)
            generation.Remove(topic);
        return true;
    }

    private void Advance(TimeSpan now)
    {
        for (int turns = _clock.TurnsDue(now); turns > 0; turns--)
            Turn();
    }

    private void Turn()
    {
        _stale = _fresh;
        _fresh = [];
        _freshCount = 0;
    }
}
