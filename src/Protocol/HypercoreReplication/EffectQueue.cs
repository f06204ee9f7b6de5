using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Effects that wait to be taken; the messages among them are counted.</summary>
internal sealed class EffectQueue
{
    private readonly Queue<ReplicationEffect> _effects = [];

    public ReplicationCounters Counters { get; } = new();

    public void Add(ReplicationEffect effect)
    {
        if (effect is ReplicationEffect.Send send)
            Counters.CountSent(send.Message);
        _effects.Enqueue(effect);
    }

    public bool TryTake(out ReplicationEffect? effect) => _effects.TryDequeue(out effect);
}
