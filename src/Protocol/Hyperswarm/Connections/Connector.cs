using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm.Peers;

namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>Decides whom to dial and when, and which of two connections with one peer stays.</summary>
internal sealed class Connector
{
    private const int ExplicitAttempts = 5;
    private readonly SwarmIdentity _identity;
    private readonly HyperswarmOptions _options;
    private readonly Queue<SwarmEffect> _effects;
    private readonly PeerTable _peers;
    private readonly PeerQueue _queue;
    private readonly RetryTimer _retries;
    private readonly PendingFlushes _flushes;
    private readonly SwarmTally _tally = new();
    private readonly Admission _arrivals;
    private long _lastConnection;

    public Connector(SwarmIdentity identity, HyperswarmOptions options, IEntropy entropy, Queue<SwarmEffect> effects)
    {
        (_identity, _options, _effects) = (identity, options, effects);
        _peers = new PeerTable(options);
        _queue = new PeerQueue(entropy);
        _retries = new RetryTimer(options, entropy);
        _flushes = new PendingFlushes(effects);
        _arrivals = new Admission(identity, options, Connections, _peers, _tally, effects);
    }

    public ConnectionTable Connections { get; } = new();

    /// <summary>Nobody is dialled and nobody accepted.</summary>
    public bool IsDown { get; private set; }

    public TimeSpan? NextDeadline => IsDown ? null : _retries.NextDeadline;

    public SwarmCounts Counts => _tally.Read(Connections, _peers.Count);

    /// <summary>Whether a topic under which a peer was found is still joined; set once by the owner.</summary>
    public Func<TopicKey, bool> IsJoined { get; set; } = _ => false;

    private bool HasRoom
    {
        get
        {
            int factor = _peers.ExplicitCount switch { 0 => 1, 1 => 2, < 4 => 3, _ => 4 };
            return (long)factor * Connections.Count < _options.MaxPeers && Connections.Clients < _options.MaxClientConnections;
        }
    }

    private bool MayDial => !IsDown && Connections.Connecting < _options.MaxParallel;

    /// <summary>A walk for a topic has named this peer.</summary>
    public void HandlePeer(PublicKey key, IReadOnlyList<PeerAddress> relays, TopicKey topic, TimeSpan now)
    {
        if (key == _identity.Own || _peers.FindOrAdd(key) is not { } peer)
            return;
        peer.RelayAddresses = [.. relays];
        bool isNewTopic = peer.TryAddTopic(topic);
        if (Connections.Has(key))
        {
            if (isNewTopic)
                _effects.Enqueue(new SwarmEffect.PeerTopicFound(key, topic));
            return;
        }

        peer.HandleRediscovered();
        Enqueue(peer, now);
    }

    public void JoinPeer(PublicKey key, TimeSpan now)
    {
        if (key == _identity.Own)
            return;
        SwarmPeer peer = _peers.GetOrAdd(key);
        _peers.SetExplicit(peer, true);
        if (!Connections.Has(key))
            Enqueue(peer, now);
    }

    public void LeavePeer(PublicKey key)
    {
        if (!_peers.TryGet(key, out SwarmPeer? peer))
            return;
        _peers.SetExplicit(peer, false);
        ForgetMaybe(peer);
    }

    public void SetReconnecting(PublicKey key, bool reconnects)
    {
        if (_peers.TryGet(key, out SwarmPeer? peer))
            peer.Reconnects = reconnects;
    }

    public void Ban(PublicKey key)
    {
        if (key == _identity.Own)
            return;
        SwarmPeer peer = _peers.GetOrAdd(key);
        if (peer.IsBanned)
            return;
        _tally.BannedPeers++;
        _effects.Enqueue(new SwarmEffect.PeerBanned(key));
        if (_peers.SetBanned(peer, true) is { } oldest)
            Pardon(oldest);
    }

    public void Unban(PublicKey key)
    {
        if (!_peers.TryGet(key, out SwarmPeer? peer) || !peer.IsBanned)
            return;
        _peers.SetBanned(peer, false);
        Pardon(peer);
    }

    /// <summary>A peer has connected to us.</summary>
    public SwarmConnectionId HandleAccepted(PublicKey remote)
    {
        Arrival arrival = new(new SwarmConnectionId(++_lastConnection), remote);
        Admit(arrival);
        return arrival.Id;
    }

    public void HandleOpened(SwarmConnectionId id, TimeSpan now)
    {
        if (!Connections.TryGet(id, out SwarmConnection? connection) || connection.IsOpen)
            return;
        Connections.Open(connection);
        _tally.ClientOpened++;
        connection.Peer.Connected(now);
        _effects.Enqueue(connection.Opened);
        _flushes.Settle(connection.Peer.Key);
        Attempt(now);
        Update();
    }

    public void HandleClosed(SwarmConnectionId id, TimeSpan now)
    {
        if (!Connections.TryGet(id, out SwarmConnection? connection))
        {
            if (Connections.PredecessorOf(id) is { } predecessor)
                predecessor.Successor = null;
            return;
        }

        SwarmPeer peer = connection.Peer;
        Connections.Remove(connection);
        _tally.Closed(connection);
        if (connection.IsOpen)
            _effects.Enqueue(new SwarmEffect.ConnectionClosed(id, peer.Key));
        if (connection.IsClient)
        {
            peer.Disconnected(_options.MinConnectionTime, now);
            if (!peer.IsWaiting && MayReturn(peer))
                _retries.TryAdd(peer, now);
        }

        if (connection.Successor is { } successor)
            Admit(successor);
        ForgetMaybe(peer);
        if (connection is { IsClient: true, IsOpen: false })
            _flushes.Settle(peer.Key);
        Attempt(now);
        Update();
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (IsDown)
            return;
        foreach (SwarmPeer peer in _retries.Advance(now))
        {
            if (MayReturn(peer) && !Connections.Has(peer.Key) && peer.TryUpdatePriority())
                _queue.Add(peer);
            else
                ForgetMaybe(peer);
        }

        Attempt(now);
    }

    /// <summary>The flush ends when everybody who now waits to be dialled, or is being dialled, has been.</summary>
    public void Flush(long tag)
    {
        if (_flushes.Count >= _options.MaxPendingFlushes)
            _effects.Enqueue(new SwarmEffect.Flushed(tag, false));
        else if (Connections.Connecting == 0 && !HasRoom)
            _effects.Enqueue(new SwarmEffect.Flushed(tag, true));
        else
            _flushes.Add(tag, _queue.Peers.Concat(Connections.All.Where(dial => !dial.IsOpen).Select(dial => dial.Peer)).Select(peer => peer.Key));
    }

    /// <summary>Asks every connection for a sign of life.</summary>
    public void Probe()
    {
        foreach (SwarmConnection connection in Connections.All)
            _effects.Enqueue(new SwarmEffect.ProbeConnection(connection.Id));
    }

    /// <summary>Ends all connections and forgets who was to be dialled.</summary>
    public void GoDown(bool failsFlushes)
    {
        IsDown = true;
        SwarmPeer[] idle = [.. _queue.Peers, .. _retries.Clear()];
        _queue.Clear();
        foreach (SwarmPeer peer in idle)
            ForgetMaybe(peer);
        foreach (SwarmConnection connection in Connections.All)
        {
            Disconnect(connection.Id, SwarmCloseReason.Down);
            if (connection.Successor is { } successor)
                Disconnect(successor.Id, SwarmCloseReason.Down);
            connection.Successor = null;
        }

        _flushes.SettleAll(!failsFlushes);
    }

    public void ComeUp(TimeSpan now)
    {
        IsDown = false;
        Attempt(now);
    }

    private void Enqueue(SwarmPeer peer, TimeSpan now)
    {
        if (IsDown || !peer.TryUpdatePriority())
            return;
        _queue.Add(peer);
        Attempt(now);
    }

    private void Attempt(TimeSpan now)
    {
        foreach (SwarmPeer peer in _peers.Explicit)
        {
            if (!MayDial)
                break;
            TimeSpan pause = TimeSpan.FromSeconds(peer.Attempts);
            if (peer.Attempts < ExplicitAttempts && !(now - peer.DisconnectedAt < pause))
                Dial(peer);
        }

        while (MayDial && HasRoom && _queue.TryTake(out SwarmPeer? peer))
            Dial(peer);
        if (Connections.Connecting == 0 && !HasRoom)
            _flushes.SettleAll(true);
    }

    private void Dial(SwarmPeer peer)
    {
        if (!peer.IsBanned && !Connections.Has(peer.Key) && _identity.Refuses(peer.Key))
            Ban(peer.Key);
        if (peer.IsBanned || Connections.Has(peer.Key))
        {
            if (!Connections.TryGet(peer.Key, out SwarmConnection? present) || present.IsOpen)
                _flushes.Settle(peer.Key);
            return;
        }

        SwarmConnection connection = new(new SwarmConnectionId(++_lastConnection), peer, isClient: true);
        Connections.Add(connection);
        _tally.ClientAttempted++;
        _effects.Enqueue(new SwarmEffect.Dial(connection.Id, peer.Key, peer.RelayAddresses));
        Update();
    }

    private void Admit(Arrival arrival)
    {
        if (_arrivals.TryAdmit(arrival, IsDown))
            Update();
    }

    private void Disconnect(SwarmConnectionId id, SwarmCloseReason reason) => _effects.Enqueue(new SwarmEffect.Disconnect(id, reason));

    private void Pardon(SwarmPeer peer)
    {
        _effects.Enqueue(new SwarmEffect.PeerPardoned(peer.Key));
        ForgetMaybe(peer);
    }

    private bool MayReturn(SwarmPeer peer) => !IsDown && (peer.IsExplicit || peer.Topics.Any(IsJoined));

    private void ForgetMaybe(SwarmPeer peer)
    {
        if (peer.IsForgettable && !Connections.Has(peer.Key))
            _peers.Remove(peer);
    }

    private void Update() => _effects.Enqueue(new SwarmEffect.Updated(_tally.Update(Connections, _peers.Count)));
}
