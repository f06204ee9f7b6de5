using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>What the discoveries of a swarm share: how walks are ordered, whether the server is there, and chance.</summary>
internal sealed class TopicWalks(HyperswarmOptions options, IEntropy entropy, Queue<SwarmEffect> effects)
{
    private long _lastWalk;
    private bool _isAsked;

    public HyperswarmOptions Options { get; } = options;

    /// <summary>Connections under the own key are accepted, and the key is announced.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Whether there is an open connection with a peer; set once by the owner.</summary>
    public Func<PublicKey, bool> IsConnected { get; set; } = _ => false;

    public void AskToListen()
    {
        if (_isAsked)
            return;
        _isAsked = true;
        effects.Enqueue(new SwarmEffect.Listen());
    }

    public void HandleListening() => IsListening = _isAsked;

    /// <summary>Whether there was a server to be stopped.</summary>
    public bool StopListening()
    {
        bool wasAsked = _isAsked;
        (IsListening, _isAsked) = (false, false);
        if (wasAsked)
            effects.Enqueue(new SwarmEffect.StopListening());
        return wasAsked;
    }

    public TopicWalkId Begin(TopicKey topic, TopicWalkKind kind, ImmutableArray<PeerAddress> closest)
    {
        TopicWalkId id = new(++_lastWalk);
        effects.Enqueue(new SwarmEffect.Walk(id, topic, kind, closest));
        return id;
    }

    public void Cancel(TopicWalkId id) => effects.Enqueue(new SwarmEffect.CancelWalk(id));

    public TimeSpan Jitter() => Options.RefreshJitter * entropy.NextDouble();
}
