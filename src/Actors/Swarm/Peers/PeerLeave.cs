using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>Takes back what a peer has announced before it stops, so that nobody dials it in vain.</summary>
internal sealed class PeerLeave(IActorRef dht, KeyPair keyPair, IScheduler scheduler, IActorRef self)
{
    // The tags of topics count up from one, these down: answers to one are never taken for the other's.
    private readonly HashSet<long> _open = [];
    private bool _isListening;
    private ICancelable? _limit;

    /// <summary>Tells the peer that it has waited long enough.</summary>
    public sealed record LimitReached
    {
        public static LimitReached Instance { get; } = new();
    }

    public bool IsUnderWay => _limit is not null || IsOver;

    /// <summary>The node stops, and the peer with it.</summary>
    public bool IsOver { get; private set; }

    public void Begin(IEnumerable<TopicKey> topics, TimeSpan within)
    {
        _limit = scheduler.ScheduleTellOnceCancelable(within, self, LimitReached.Instance, self);
        _isListening = true;
        dht.Tell(new HyperDhtProtocol.StopListening(keyPair.PublicKey), self);
        foreach (TopicKey topic in topics)
        {
            long tag = -1 - _open.Count;
            _open.Add(tag);
            dht.Tell(new HyperDhtProtocol.Unannounce(tag, topic.Value, keyPair), self);
        }
    }

    /// <summary>The node stops after the last thing that was to be taken back.</summary>
    public void HandleDone(HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Stored stored:
                _open.Remove(stored.Tag);
                break;
            case HyperDhtProtocol.ListeningStopped:
                _isListening = false;
                break;
        }

        if (!_isListening && _open.Count == 0)
            StopNode();
    }

    /// <summary>What could be taken back is; now connections end, and remotes hear that at once.</summary>
    public void StopNode()
    {
        if (IsOver)
            return;
        Stop();
        IsOver = true;
        dht.Tell(new DhtNodeProtocol.Stop(TimeSpan.Zero), self);
    }

    public void Stop() => _limit?.Cancel();
}
