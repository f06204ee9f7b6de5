using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

/// <summary>Swarm machines over an imagined DHT: walks, dials and ends take a few milliseconds of imagined time.</summary>
internal sealed class SwarmNetwork
{
    public static readonly TopicKey Topic = new(Blake2b.Hash256("hello world"u8)), OtherTopic = new(Blake2b.Hash256("hi world"u8));

    private readonly PriorityQueue<Action, (TimeSpan Due, long Order)> _events = new();
    private readonly Dictionary<PublicKey, TestSwarm> _swarms = [];
    private long _order;

    public TimeSpan Now { get; private set; }

    /// <summary>Who announced a topic, as the nodes of the DHT remember it.</summary>
    public Dictionary<TopicKey, HashSet<PublicKey>> Announced { get; } = [];

    public static HyperswarmOptions FastRetries { get; } = new()
    {
        RetryBackoffs = [Milliseconds(100), Milliseconds(200), Milliseconds(300), Milliseconds(400)],
        RetryJitter = TimeSpan.Zero,
    };

    public static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    public TestSwarm Add(HyperswarmOptions? options = null, Func<PublicKey, bool>? refuses = null)
    {
        TestSwarm swarm = new(this, _swarms.Count + 1, options ?? FastRetries, refuses ?? (_ => false));
        _swarms.Add(swarm.Key, swarm);
        return swarm;
    }

    public TestSwarm? Find(PublicKey key) => _swarms.GetValueOrDefault(key);

    public void After(int milliseconds, Action action) => _events.Enqueue(action, (Now + Milliseconds(milliseconds), ++_order));

    public void RunFor(TimeSpan time)
    {
        TimeSpan end = Now + time;
        foreach (TestSwarm swarm in _swarms.Values)
            swarm.Drain();
        while (Next() is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            if (_events.TryPeek(out Action? action, out (TimeSpan Due, long) due) && due.Due <= Now)
            {
                _events.Dequeue();
                action();
            }

            foreach (TestSwarm swarm in _swarms.Values)
                swarm.Advance();
        }

        Now = end;
    }

    public void RunFor(int milliseconds) => RunFor(Milliseconds(milliseconds));

    private TimeSpan? Next()
    {
        TimeSpan? deadline = _swarms.Values.Min(swarm => swarm.Machine.NextDeadline);
        return _events.TryPeek(out _, out (TimeSpan Due, long) due) && !(deadline <= due.Due) ? due.Due : deadline;
    }
}
