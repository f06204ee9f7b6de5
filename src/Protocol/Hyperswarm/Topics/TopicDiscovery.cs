using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>Keeps one topic announced or looked up for as long as somebody is interested in it.</summary>
internal sealed class TopicDiscovery(TopicKey topic, TopicWalks walks, TopicDiscovery? previous)
{
    private readonly HashSet<PublicKey> _discovered = [];
    private readonly HashSet<PublicKey> _accepted = [];
    private ImmutableArray<PeerAddress> _closest = [];
    private TopicDiscovery? _previous = previous;
    private TopicWalkId? _walk;
    private TopicWalkKind _kind;
    private Phase _phase;
    private bool _hasAnnounced;
    private bool _needsUnannounce;
    private bool _isSuspended;
    private bool _isDestroyed;
    private int? _left;

    private enum Phase
    {
        Idle,
        WaitingForPrevious,
        WaitingForServer,
        Walking,
        Unannouncing,
    }

    public TopicKey Topic { get; } = topic;

    public int Sessions { get; set; }

    public int ServerSessions { get; set; }

    public int ClientSessions { get; set; }

    public int? Limit { get; set; }

    public bool IsServer { get; private set; }

    public bool IsClient { get; private set; }

    public bool IsRefreshing => _phase != Phase.Idle;

    /// <summary>Left, and everything is taken back.</summary>
    public bool IsGone => _isDestroyed && IsAtRest;

    public bool IsAtRest => _phase == Phase.Idle && _previous is null or { IsGone: true };

    public bool MustUnannounce => ServerSessions == 0 && _needsUnannounce;

    public TimeSpan? NextDeadline { get; private set; }

    public TopicWalkId? Walk => _walk;

    public TopicState State => new(Topic, IsServer, IsClient, Sessions, IsRefreshing);

    private bool IsActive => !_isDestroyed && !_isSuspended;

    /// <summary>Walks, unless a walk for the same ends is under way.</summary>
    public void Refresh()
    {
        if (!IsActive || _phase == Phase.Unannouncing)
            return;
        bool isSame = (ServerSessions > 0, ClientSessions > 0) == (IsServer, IsClient);
        if (isSame && IsRefreshing)
            return;
        CancelWalk();
        (IsServer, IsClient) = (ServerSessions > 0, ClientSessions > 0);
        NextDeadline = null;
        Proceed();
    }

    /// <summary>What the walk waited for may be there now.</summary>
    public void Proceed()
    {
        if (!IsActive || _phase is Phase.Walking or Phase.Unannouncing)
            return;
        if (_previous is { IsGone: false })
        {
            _phase = Phase.WaitingForPrevious;
            return;
        }

        _previous = null;
        if (IsServer && !walks.IsListening)
        {
            _phase = Phase.WaitingForServer;
            walks.AskToListen();
            return;
        }

        BeginWalk();
    }

    public void ProceedIfWaiting()
    {
        if (_phase is Phase.WaitingForPrevious or Phase.WaitingForServer)
            Proceed();
    }

    /// <summary>Whether a peer that the current walk found is one to dial.</summary>
    public bool TryAccept(PublicKey peer)
    {
        if (!IsClient || !IsActive)
            return false;
        if (_left is not { } left)
            return true;
        if (_discovered.Count < walks.Options.MaxDiscovered)
            _discovered.Add(peer);
        if (_accepted.Contains(peer))
            return true;
        if (left == 0)
            return false;
        _accepted.Add(peer);
        if (!walks.IsConnected(peer))
            _left = left - 1;
        return true;
    }

    /// <summary>The current walk has ended.</summary>
    public void HandleWalkFinished(bool succeeded, IReadOnlyList<PeerAddress> closest, TimeSpan now)
    {
        bool wasUnannouncing = _phase == Phase.Unannouncing;
        (_walk, _phase) = (null, Phase.Idle);
        if (wasUnannouncing)
        {
            _needsUnannounce = false;
            if (IsActive)
                Refresh();
            return;
        }

        NextDeadline = now + walks.Options.RefreshInterval + walks.Jitter();
        if (!succeeded)
            return;
        _closest = [.. closest];
        if (!IsServer)
            _needsUnannounce = false;
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (!(NextDeadline <= now))
            return;
        // The whole fleet wakes up with its machines: do not walk at once.
        if (now - NextDeadline > walks.Options.RefreshGrace)
            NextDeadline = now + walks.Jitter();
        else
            Refresh();
    }

    public void Destroy()
    {
        if (_isDestroyed)
            return;
        _isDestroyed = true;
        Abort();
    }

    public void Suspend()
    {
        if (!IsActive)
            return;
        _isSuspended = true;
        Abort();
    }

    public void Resume()
    {
        if (!_isSuspended || _isDestroyed)
            return;
        _isSuspended = false;
        Refresh();
    }

    private void BeginWalk()
    {
        _kind = IsServer ? (_hasAnnounced ? TopicWalkKind.Announce : TopicWalkKind.ClearAndAnnounce)
            : _needsUnannounce ? TopicWalkKind.LookupAndUnannounce
            : TopicWalkKind.Lookup;
        if (IsServer)
            (_hasAnnounced, _needsUnannounce) = (true, true);
        _left = Limit is { } limit ? Math.Max(0, limit - _discovered.Count(walks.IsConnected)) : null;
        _discovered.Clear();
        _accepted.Clear();
        _phase = Phase.Walking;
        _walk = walks.Begin(Topic, _kind, _closest);
    }

    private void CancelWalk()
    {
        if (_walk is { } walk)
            walks.Cancel(walk);
        (_walk, _phase) = (null, Phase.Idle);
    }

    private void Abort()
    {
        if (_phase == Phase.Unannouncing)
            return;
        CancelWalk();
        NextDeadline = null;
        if (!_needsUnannounce || _closest.IsEmpty)
        {
            _needsUnannounce = false;
            return;
        }

        _phase = Phase.Unannouncing;
        _walk = walks.Begin(Topic, TopicWalkKind.Unannounce, _closest);
    }
}
