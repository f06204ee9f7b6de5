using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>What a swarm remembers of one peer, and how much it wants to dial it.</summary>
internal sealed class SwarmPeer(PublicKey key)
{
    private const int LastAttempt = 3;
    private TimeSpan? _connectedAt;

    public PublicKey Key { get; } = key;

    public ImmutableArray<PeerAddress> RelayAddresses { get; set; } = [];

    public ImmutableArray<TopicKey> Topics { get; private set; } = [];

    public PeerPriority Priority { get; private set; } = PeerPriority.Normal;

    /// <summary>Dials since the last one that led to a lasting connection.</summary>
    public int Attempts { get; private set; }

    public TimeSpan? DisconnectedAt { get; private set; }

    /// <summary>A dial has succeeded.</summary>
    public bool IsProven { get; private set; }

    public bool IsBanned { get; set; }

    public bool IsExplicit { get; set; }

    public bool IsQueued { get; set; }

    /// <summary>It is in the retry timer.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The last connection was one that we dialled.</summary>
    public bool IsClient { get; set; }

    /// <summary>It may be dialled again when a connection ends.</summary>
    public bool Reconnects { get; set; } = true;

    public bool IsForgettable => !(IsBanned || IsQueued || IsExplicit || IsWaiting);

    public bool TryAddTopic(TopicKey topic)
    {
        if (Topics.Contains(topic))
            return false;
        Topics = Topics.Add(topic);
        return true;
    }

    public void Connected(TimeSpan now) => (IsProven, IsClient, _connectedAt) = (true, true, now);

    public void Disconnected(TimeSpan minConnectionTime, TimeSpan now)
    {
        if (now - _connectedAt >= minConnectionTime)
            Attempts = 0;
        (_connectedAt, DisconnectedAt) = (null, now);
        Attempts++;
    }

    /// <summary>It was found anew: earlier failures do not count.</summary>
    public void HandleRediscovered()
    {
        if (Priority >= PeerPriority.Normal && IsClient)
            return;
        (IsClient, IsProven, Attempts) = (false, false, 0);
    }

    /// <summary>Sets the priority; false when it shall not be queued at all.</summary>
    public bool TryUpdatePriority()
    {
        if (IsExplicit && Attempts > LastAttempt)
            Attempts = LastAttempt;
        if (IsBanned || IsQueued || Attempts > LastAttempt)
            return false;
        Priority = Attempts switch
        {
            0 => PeerPriority.Normal,
            1 => PeerPriority.VeryHigh,
            2 => PeerPriority.High,
            _ => PeerPriority.Low,
        };
        return true;
    }
}
