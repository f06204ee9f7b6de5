using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Hyperswarm.Connections;
using Hyper.Protocol.Hyperswarm.Topics;

namespace Hyper.Protocol.Hyperswarm;

/// <summary>A swarm: joins topics over a DHT and keeps connections with the peers that are found there.</summary>
public sealed class SwarmMachine
{
    private readonly HyperswarmOptions _options;
    private readonly Queue<SwarmEffect> _effects = new();
    private readonly Connector _connector;
    private readonly TopicWalks _walks;
    private readonly TopicTable _topics;
    private readonly TopicFlushes _flushes = new();
    private bool _isStopping;
    private bool _wasListening;
    private bool _isServerStopping;
    private bool _isOnline = true;

    public SwarmMachine(HyperswarmOptions options, SwarmIdentity identity, IEntropy entropy)
    {
        _options = options;
        _walks = new TopicWalks(options, entropy, _effects);
        _topics = new TopicTable(_walks, _effects);
        _connector = new Connector(identity, options, entropy, _effects) { IsJoined = _topics.IsJoined };
        _walks.IsConnected = _connector.Connections.IsOpen;
    }

    public bool IsSuspended { get; private set; }

    public bool IsDestroyed { get; private set; }

    public SwarmCounts Counts => _connector.Counts;

    public IEnumerable<TopicState> Topics => _topics.States;

    public TimeSpan? NextDeadline
        => _connector.NextDeadline is { } retry && !(_topics.NextDeadline <= retry) ? retry : _topics.NextDeadline;

    public bool TryTake([NotNullWhen(true)] out SwarmEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Adds an interest in a topic; false when there are too many topics, the options ask for nothing, or the swarm is destroyed.</summary>
    public bool TryJoin(TopicKey topic, JoinOptions options, out DiscoverySessionId session)
    {
        session = default;
        return !IsDestroyed && (options.IsServer || options.IsClient) && _topics.TryJoin(topic, options, out session);
    }

    /// <summary>Walks for a topic now, with other options if there are any.</summary>
    public void Refresh(DiscoverySessionId session, JoinOptions? options = null) => _topics.Refresh(session, options);

    /// <summary>Ends one interest; with the last one the topic is left.</summary>
    public void LeaveSession(DiscoverySessionId session)
    {
        _topics.LeaveSession(session);
        Settle();
    }

    /// <summary>Ends every interest in a topic; connections stay.</summary>
    public void Leave(TopicKey topic)
    {
        _topics.Leave(topic);
        Settle();
    }

    /// <summary>Keeps a connection with this peer, whatever it announces.</summary>
    public void JoinPeer(PublicKey key, TimeSpan now) => _connector.JoinPeer(key, now);

    /// <summary>Ends <see cref="JoinPeer"/>; the connection stays, but does not come back.</summary>
    public void LeavePeer(PublicKey key) => _connector.LeavePeer(key);

    /// <summary>Neither dials nor accepts this peer; a connection that there is stays.</summary>
    public void Ban(PublicKey key) => _connector.Ban(key);

    public void Unban(PublicKey key) => _connector.Unban(key);

    /// <summary>Whether this peer is dialled again when its connection has ended.</summary>
    public void SetReconnecting(PublicKey key, bool reconnects) => _connector.SetReconnecting(key, reconnects);

    /// <summary>Ends with <see cref="SwarmEffect.Flushed"/> when all walks have ended and whom they found has been dialled.</summary>
    public void Flush(long tag) => Flush(tag, _topics.Refreshing, goesOn: true);

    /// <summary>Ends with <see cref="SwarmEffect.Flushed"/> when the walk for one topic has ended.</summary>
    public void FlushTopic(long tag, TopicKey topic) => Flush(tag, _topics.Refreshing.Where(busy => busy == topic), goesOn: false);

    /// <summary>The server is there and announced.</summary>
    public void HandleListening() => _topics.HandleListening();

    /// <summary>The server is gone and its announcement taken back.</summary>
    public void HandleListeningStopped()
    {
        _isServerStopping = false;
        Settle();
    }

    /// <summary>A walk under way has met a peer.</summary>
    public void HandleFound(TopicWalkId walk, PeerRecord peer, TimeSpan now)
    {
        if (_topics.Find(walk) is { } discovery && discovery.TryAccept(peer.PublicKey))
            _connector.HandlePeer(peer.PublicKey, peer.RelayAddresses, discovery.Topic, now);
    }

    /// <summary>A walk under way has ended.</summary>
    /// <param name="succeeded">Nodes answered and, if it announced, at least one keeps the announcement.</param>
    /// <param name="closest">The nodes closest to the topic.</param>
    public void HandleWalkFinished(TopicWalkId walk, bool succeeded, IReadOnlyList<PeerAddress> closest, TimeSpan now)
    {
        _topics.HandleWalkFinished(walk, succeeded, closest, now);
        Settle();
    }

    /// <summary>A peer has connected to us and the connection is open.</summary>
    public SwarmConnectionId HandleAccepted(PublicKey remote) => _connector.HandleAccepted(remote);

    /// <summary>A dial has succeeded.</summary>
    public void HandleOpened(SwarmConnectionId connection, TimeSpan now) => _connector.HandleOpened(connection, now);

    /// <summary>A connection is over, or a dial has failed or was given up.</summary>
    public void HandleClosed(SwarmConnectionId connection, TimeSpan now)
    {
        _connector.HandleClosed(connection, now);
        Settle();
    }

    /// <summary>The own address has changed: connections may be dead and announcements wrong.</summary>
    public void HandleNetworkChanged()
    {
        if (IsSuspended || IsDestroyed)
            return;
        _connector.Probe();
        _topics.RefreshAll();
    }

    public void HandleOnline(bool isOnline)
    {
        bool cameBack = isOnline && !_isOnline;
        _isOnline = isOnline;
        if (cameBack)
            HandleNetworkChanged();
    }

    public void HandleTimeout(TimeSpan now)
    {
        _connector.HandleTimeout(now);
        _topics.HandleTimeout(now);
    }

    /// <summary>Ends all connections and takes everything back until <see cref="Resume"/>; ends with <see cref="SwarmEffect.Suspended"/>.</summary>
    public void Suspend()
    {
        if (IsSuspended || IsDestroyed)
            return;
        IsSuspended = true;
        _topics.Suspend();
        _wasListening = GoDown(failsFlushes: false);
        Settle();
    }

    public void Resume(TimeSpan now)
    {
        if (!IsSuspended || IsDestroyed)
            return;
        (IsSuspended, _isStopping) = (false, false);
        if (_wasListening)
            _walks.AskToListen();
        _topics.Resume();
        _connector.ComeUp(now);
    }

    /// <summary>Leaves everything; ends with <see cref="SwarmEffect.Destroyed"/>.</summary>
    public void Destroy()
    {
        if (IsDestroyed)
            return;
        IsDestroyed = true;
        _topics.LeaveAll();
        GoDown(failsFlushes: true);
        Settle();
    }

    private bool GoDown(bool failsFlushes)
    {
        _isStopping = true;
        _connector.GoDown(failsFlushes);
        foreach (long tag in _flushes.TakeAll())
            _effects.Enqueue(new SwarmEffect.Flushed(tag, !failsFlushes));
        bool wasListening = _walks.StopListening();
        _isServerStopping |= wasListening;
        return wasListening;
    }

    private void Flush(long tag, IEnumerable<TopicKey> topics, bool goesOn)
    {
        if (IsDestroyed || _flushes.Count >= _options.MaxPendingFlushes)
        {
            _effects.Enqueue(new SwarmEffect.Flushed(tag, false));
            return;
        }

        _flushes.Add(tag, topics, goesOn);
        Settle();
    }

    private void Settle()
    {
        foreach ((long tag, bool goesOn) in _flushes.TakeSettled(_topics.Refreshing))
        {
            if (goesOn)
                _connector.Flush(tag);
            else
                _effects.Enqueue(new SwarmEffect.Flushed(tag, true));
        }

        if (!_isStopping || _isServerStopping || _connector.Connections.Count > 0 || !_topics.IsAtRest)
            return;
        _isStopping = false;
        _effects.Enqueue(IsDestroyed ? new SwarmEffect.Destroyed() : new SwarmEffect.Suspended());
    }
}
