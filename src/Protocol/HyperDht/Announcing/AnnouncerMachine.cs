using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Protocol.HyperDht.Announcing;

/// <summary>Keeps one server announced under the hash of its key at the nodes closest to it, and those nodes awake.</summary>
public sealed class AnnouncerMachine
{
    private readonly AnnouncerOptions _options;
    private readonly Bytes32 _target;
    private readonly Queue<AnnouncerEffect> _effects = new();
    private readonly AnnouncerRequests _requests;
    private readonly RelayCycles _cycles = new();
    private ImmutableArray<PeerAddress> _closest = [];
    private PeerAddress? _openAddress;
    private int _round;
    private int _answered;
    private bool _wantsRefresh;
    private bool _isStopping;
    private bool _isSuspended;
    private bool _isOffline;
    private Phase _phase;

    public AnnouncerMachine(AnnouncerOptions options, KeyPair keyPair)
    {
        _options = options;
        _target = PeerRecord.TargetOf(keyPair.PublicKey);
        _requests = new AnnouncerRequests(keyPair, _target, _effects);
    }

    private enum Phase
    {
        Idle,
        Walking,
        Committing,
        Resting,
        Pinging,
        Offline,
        TakingBack,
        Suspended,
        Stopped,
    }

    public TimeSpan? NextDeadline { get; private set; }

    /// <summary>The relays of the current cycle.</summary>
    public IReadOnlyList<HolepunchRelay> Relays => _cycles.Current;

    public bool TryTake([NotNullWhen(true)] out AnnouncerEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Whether a node relays for the server, or did in one of the two cycles before.</summary>
    public bool IsRelay(PeerAddress address) => _cycles.Contains(address);

    public void Start() => BeginCycle();

    /// <summary>The address at which the node is open to everybody, if it is; relays learn a new one at once.</summary>
    public void HandleOpenAddress(PeerAddress? address, TimeSpan now)
    {
        if (address == _openAddress)
            return;
        _openAddress = address;
        if (_phase is not (Phase.Idle or Phase.Walking))
            Refresh(now);
    }

    /// <summary>Whether anybody answers the node: while nobody does, little is asked after the end of a cycle, and all goes on when somebody does.</summary>
    public void HandleOnline(bool isOnline, TimeSpan now)
    {
        _isOffline = !isOnline;
        if (isOnline && _phase == Phase.Offline)
            GoOn(now);
    }

    /// <summary>The network changed: announce anew as soon as nothing is under way.</summary>
    public void Refresh(TimeSpan now)
    {
        _wantsRefresh = true;
        if (_phase is Phase.Resting or Phase.Offline)
            EndRest(now);
    }

    /// <summary>Asks the relays to forget the server until <see cref="Resume"/>; <see cref="AnnouncerEffect.Suspended"/> follows.</summary>
    public void Suspend()
    {
        if (_isSuspended)
            return;
        _isSuspended = true;
        EndRounds();
    }

    /// <summary>Announces a suspended server anew.</summary>
    public void Resume()
    {
        if (!_isSuspended)
            return;
        _isSuspended = false;
        _wantsRefresh = true;
        if (_phase == Phase.Suspended)
            BeginCycle();
    }

    /// <summary>Asks the relays to forget the server; <see cref="AnnouncerEffect.Stopped"/> follows.</summary>
    public void Stop()
    {
        if (_isStopping)
            return;
        _isStopping = true;
        EndRounds();
    }

    /// <summary>The walk has ended, however it did; the closest replies come nearest first.</summary>
    public void HandleWalkFinished(IReadOnlyList<ReceivedReply> closest, TimeSpan now)
    {
        if (_phase != Phase.Walking)
            return;
        if (IsEnding)
        {
            BeginTakingBack();
            return;
        }

        _phase = Phase.Committing;
        _closest = [.. closest.Select(reply => reply.From)];
        foreach (ReceivedReply reply in closest.Take(_options.RelayCount))
            _requests.Commit(reply);
        EndCommitWhenDone(now);
    }

    public void HandleReply(AnnounceTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (!_requests.TryEnd(ticket, out AnnounceStep step, out HolepunchRelay relay))
            return;
        switch (step)
        {
            case AnnounceStep.Commit when reply.Error == DhtError.None:
                _cycles.Add(relay);
                break;
            case AnnounceStep.Ping:
                _answered++;
                break;
            case AnnounceStep.FetchToken when reply.Value is not null:
                _requests.Unannounce(reply);
                break;
        }

        Settle(now);
    }

    public void HandleFailure(AnnounceTicket ticket, TimeSpan now)
    {
        if (_requests.TryEnd(ticket, out _, out _))
            Settle(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (now >= NextDeadline && _phase == Phase.Resting)
            EndRest(now);
        else if (now >= NextDeadline && _phase == Phase.Offline)
            GoOn(now);
    }

    private bool IsEnding => _isStopping || _isSuspended;

    private void EndRounds()
    {
        NextDeadline = null;
        if (_phase is Phase.Resting or Phase.Pinging or Phase.Offline or Phase.Idle)
            BeginTakingBack();
        else if (_phase == Phase.Suspended)
            EndTakingBack();
    }

    private void BeginCycle()
    {
        _phase = Phase.Walking;
        _wantsRefresh = false;
        NextDeadline = null;
        _cycles.Turn();
        _effects.Enqueue(new AnnouncerEffect.Walk(RecordQueries.FindPeer(_target) with { StartNodes = _closest }));
    }

    private void Settle(TimeSpan now)
    {
        switch (_phase)
        {
            case Phase.Committing:
                EndCommitWhenDone(now);
                break;
            case Phase.Pinging:
                EndPingsWhenDone(now);
                break;
            case Phase.TakingBack when _requests.IsEmpty:
                EndTakingBack();
                break;
        }
    }

    private void EndCommitWhenDone(TimeSpan now)
    {
        if (_requests.Awaits(AnnounceStep.Commit))
            return;
        if (IsEnding)
        {
            BeginTakingBack();
            return;
        }

        _effects.Enqueue(new AnnouncerEffect.Announced([.. _cycles.Current], [.. Addresses().Take(_options.RelayCount)]));
        foreach (PeerAddress dropped in _cycles.Dropped)
            _requests.FetchToken(dropped);
        _round = 0;
        if (_isOffline)
            (_phase, NextDeadline) = (Phase.Offline, now + _options.OfflineInterval);
        else
            BeginRound(now);
    }

    // Whoever has no relay need not wait for rounds that ping nobody.
    private void GoOn(TimeSpan now)
    {
        _wantsRefresh |= _cycles.Current.Count == 0;
        EndRest(now);
    }

    private IEnumerable<PeerAddress> Addresses()
    {
        IEnumerable<PeerAddress> relays = _cycles.Current.Select(relay => relay.RelayAddress);
        return _openAddress is { } open ? relays.Prepend(open) : relays;
    }

    private void BeginRound(TimeSpan now)
    {
        _phase = Phase.Pinging;
        _answered = 0;
        foreach (HolepunchRelay relay in _cycles.Current)
            _requests.Ping(relay);
        EndPingsWhenDone(now);
    }

    private void EndPingsWhenDone(TimeSpan now)
    {
        if (_requests.Awaits(AnnounceStep.Ping))
            return;
        if (IsEnding)
        {
            BeginTakingBack();
            return;
        }

        _round++;
        int limit = _cycles.Current.Count == 0 ? _options.RoundsWithoutRelay : _options.RoundsPerCycle;
        bool lostRelays = _answered < Math.Min(_cycles.Current.Count, _options.RelayCount);
        if (lostRelays || _wantsRefresh || _round >= limit)
        {
            BeginCycle();
            return;
        }

        _phase = Phase.Resting;
        NextDeadline = now + _options.KeepAliveInterval;
    }

    private void EndRest(TimeSpan now)
    {
        NextDeadline = null;
        if (_wantsRefresh)
            BeginCycle();
        else
            BeginRound(now);
    }

    private void BeginTakingBack()
    {
        _phase = Phase.TakingBack;
        foreach (HolepunchRelay relay in _cycles.Current)
            _requests.FetchToken(relay.RelayAddress);
        Settle(TimeSpan.Zero);
    }

    private void EndTakingBack()
    {
        if (!IsEnding)
        {
            BeginCycle();
            return;
        }

        _phase = _isStopping ? Phase.Stopped : Phase.Suspended;
        _effects.Enqueue(_isStopping ? new AnnouncerEffect.Stopped() : new AnnouncerEffect.Suspended());
    }
}
