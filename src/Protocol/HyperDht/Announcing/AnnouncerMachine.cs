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
    private readonly KeyPair _keyPair;
    private readonly Bytes32 _target;
    private readonly Queue<AnnouncerEffect> _effects = new();
    private readonly Dictionary<AnnounceTicket, Step> _steps = [];
    private readonly RelayCycles _cycles = new();
    private ImmutableArray<PeerAddress> _closest = [];
    private PeerAddress? _openAddress;
    private int _lastTicket;
    private int _round;
    private int _answered;
    private bool _wantsRefresh;
    private bool _isStopping;
    private Phase _phase;

    public AnnouncerMachine(AnnouncerOptions options, KeyPair keyPair)
    {
        (_options, _keyPair) = (options, keyPair);
        _target = PeerRecord.TargetOf(keyPair.PublicKey);
    }

    private enum Phase
    {
        Idle,
        Walking,
        Committing,
        Resting,
        Pinging,
        Stopping,
        Stopped,
    }

    private enum StepKind
    {
        Commit,
        Ping,
        FetchToken,
        Unannounce,
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

    /// <summary>The network changed: announce anew as soon as nothing is under way.</summary>
    public void Refresh(TimeSpan now)
    {
        _wantsRefresh = true;
        if (_phase == Phase.Resting)
            EndRest(now);
    }

    /// <summary>Asks the relays to forget the server; <see cref="AnnouncerEffect.Stopped"/> follows.</summary>
    public void Stop()
    {
        if (_isStopping)
            return;
        _isStopping = true;
        NextDeadline = null;
        if (_phase is Phase.Resting or Phase.Pinging or Phase.Idle)
            BeginStop();
    }

    /// <summary>The walk has ended, however it did; the closest replies come nearest first.</summary>
    public void HandleWalkFinished(IReadOnlyList<ReceivedReply> closest, TimeSpan now)
    {
        if (_phase != Phase.Walking)
            return;
        if (_isStopping)
        {
            BeginStop();
            return;
        }

        _phase = Phase.Committing;
        _closest = [.. closest.Select(reply => reply.From)];
        foreach (ReceivedReply reply in closest.Take(_options.RelayCount))
        {
            if (Signed(AnnouncePurpose.Announce, reply) is { } request)
                Send(request, new Step(StepKind.Commit, new HolepunchRelay(reply.From, reply.To)));
        }

        EndCommitWhenDone(now);
    }

    public void HandleReply(AnnounceTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (!_steps.Remove(ticket, out Step step))
            return;
        switch (step.Kind)
        {
            case StepKind.Commit when reply.Error == DhtError.None:
                _cycles.Add(step.Relay);
                break;
            case StepKind.Ping:
                _answered++;
                break;
            case StepKind.FetchToken when reply.Value is not null:
                Unannounce(reply);
                break;
        }

        Settle(now);
    }

    public void HandleFailure(AnnounceTicket ticket, TimeSpan now)
    {
        if (_steps.Remove(ticket))
            Settle(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (now >= NextDeadline && _phase == Phase.Resting)
            EndRest(now);
    }

    private void BeginCycle()
    {
        _phase = Phase.Walking;
        _wantsRefresh = false;
        NextDeadline = null;
        _cycles.Turn();
        _effects.Enqueue(new AnnouncerEffect.Walk(RecordQueries.FindPeer(_target) with { StartNodes = _closest }));
    }

    private void Send(OutgoingRequest request, Step step)
    {
        AnnounceTicket ticket = new(++_lastTicket);
        _steps[ticket] = step;
        _effects.Enqueue(new AnnouncerEffect.Send(ticket, request));
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
            case Phase.Stopping when _steps.Count == 0:
                _phase = Phase.Stopped;
                _effects.Enqueue(new AnnouncerEffect.Stopped());
                break;
        }
    }

    private void EndCommitWhenDone(TimeSpan now)
    {
        if (Awaits(StepKind.Commit))
            return;
        if (_isStopping)
        {
            BeginStop();
            return;
        }

        _effects.Enqueue(new AnnouncerEffect.Announced([.. _cycles.Current], [.. Addresses().Take(_options.RelayCount)]));
        foreach (PeerAddress dropped in _cycles.Dropped)
            FetchToken(dropped);
        _round = 0;
        BeginRound(now);
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
            Send(new OutgoingRequest(relay.RelayAddress, DhtCommand.Ping), new Step(StepKind.Ping, relay));
        EndPingsWhenDone(now);
    }

    private void EndPingsWhenDone(TimeSpan now)
    {
        if (Awaits(StepKind.Ping))
            return;
        if (_isStopping)
        {
            BeginStop();
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

    private void BeginStop()
    {
        _phase = Phase.Stopping;
        foreach (HolepunchRelay relay in _cycles.Current)
            FetchToken(relay.RelayAddress);
        Settle(TimeSpan.Zero);
    }

    private void FetchToken(PeerAddress node)
        => Send(
            new OutgoingRequest(node, HyperDhtCommand.FindPeer.ToDht()) { Target = _target },
            new Step(StepKind.FetchToken, new HolepunchRelay(node, default)));

    private void Unannounce(ReceivedReply reply)
    {
        if (Signed(AnnouncePurpose.Unannounce, reply) is { } request)
            Send(request, new Step(StepKind.Unannounce, new HolepunchRelay(reply.From, default)));
    }

    private OutgoingRequest? Signed(AnnouncePurpose purpose, ReceivedReply reply)
        => RecordQueries.SignedRequest(purpose, _target, reply, new PeerRecord(_keyPair.PublicKey), _keyPair);

    private bool Awaits(StepKind kind)
    {
        foreach (Step step in _steps.Values)
        {
            if (step.Kind == kind)
                return true;
        }

        return false;
    }

    private readonly record struct Step(StepKind Kind, HolepunchRelay Relay);
}
