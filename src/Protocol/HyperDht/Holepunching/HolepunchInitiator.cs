using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>The client's side of a holepunch: one round to learn about both NATs, one to begin, then probes.</summary>
internal sealed class HolepunchInitiator
{
    private readonly HolepunchOptions _options;
    private readonly HolepunchVeto? _veto;
    private readonly HolepunchSession _session;
    private readonly Puncher _puncher;
    private readonly Func<PunchTicket> _nextTicket;
    private readonly Queue<PunchEffect> _effects;
    private HolepunchRoute _route;
    private Phase _phase;
    private (PunchTicket Ticket, HolepunchRelay Via, Bytes32? Token)? _round;
    private TimeSpan? _pauseUntil;
    private PeerAddress _peerAddress;
    private Bytes32? _remoteToken;
    private ulong _rounds;
    private bool _isLastProbe;
    private HolepunchFailure _reason;

    public HolepunchInitiator(
        HolepunchOptions options, HolepunchVeto? veto, HolepunchRoute route, HolepunchSession session, Puncher puncher,
        Func<PunchTicket> nextTicket, Queue<PunchEffect> effects)
        => (_options, _veto, _route, _session, _puncher, _nextTicket, _effects) = (options, veto, route, session, puncher, nextTicket, effects);

    private enum Phase
    {
        Probing,
        Pausing,
        Judging,
        Reserving,
        Agreeing,
        Punching,
        Aborting,
        Over,
    }

    /// <summary>The socket and the address between which a probe has passed.</summary>
    public (LocalSocket Socket, PeerAddress Remote)? Found { get; private set; }

    public HolepunchFailure? Failure { get; private set; }

    /// <summary>A random port was searched for.</summary>
    public bool WasSearch { get; private set; }

    public TimeSpan? NextDeadline => _phase switch
    {
        Phase.Over => null,
        Phase.Pausing => _pauseUntil,
        _ => _puncher.NextDeadline,
    };

    public void Start() => SendProbeRound();

    /// <summary>False when the request is none of the holepunch's.</summary>
    public bool HandleReply(PunchTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (_round is { } round && round.Ticket == ticket)
        {
            _round = null;
            HandleRound(round.Via, round.Token, reply, now);
        }
        else if (!_puncher.HandleReply(ticket, reply))
            return false;
        Decide(now);
        return true;
    }

    public bool HandleFailure(PunchTicket ticket, TimeSpan now)
    {
        if (_round is { } round && round.Ticket == ticket)
            Fail(_phase == Phase.Aborting ? _reason : HolepunchFailure.Aborted);
        else if (!_puncher.HandleFailure(ticket))
            return false;
        Decide(now);
        return true;
    }

    public void HandleProbe(LocalSocket socket, PeerAddress from)
    {
        if (_phase == Phase.Over || _puncher.HandleProbe(socket, from) is not { } remote)
            return;
        Found = (socket, remote);
        WasSearch = _phase == Phase.Punching && _puncher.IsSearch;
        _phase = Phase.Over;
    }

    public void HandlePermit(bool isGranted, TimeSpan now)
    {
        _puncher.RandomPermit.Handle(isGranted);
        if (_phase != Phase.Reserving)
            return;
        if (isGranted)
            AskToPunch();
        else
            Fail(HolepunchFailure.Aborted);
        Decide(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (_phase == Phase.Pausing && now >= _pauseUntil)
            _phase = Phase.Judging;
        _puncher.Advance(now);
        if (_puncher.IsExhausted)
            Fail(HolepunchFailure.Aborted);
        Decide(now);
    }

    /// <summary>Another way was found.</summary>
    public void Close()
    {
        _phase = Phase.Over;
        _puncher.Close();
    }

    private void SendProbeRound()
    {
        _phase = Phase.Probing;
        _puncher.Knock(_puncher.Socket, _route.ServerAddress);
        Send(_route.ServerRelay, Payload() with { RemoteAddress = _route.ServerAddress });
    }

    private void HandleRound(HolepunchRelay via, Bytes32? token, ReceivedReply reply, TimeSpan now)
    {
        if (_phase == Phase.Aborting)
        {
            Fail(_reason);
            return;
        }

        if (_phase == Phase.Over)
            return;
        if (!TryRead(via, reply, out HolepunchMessage? message)
            || !_session.TryOpen(message.Payload.Span, out HolepunchPayload payload)
            || payload.Error != HandshakeError.None)
        {
            Fail(HolepunchFailure.Aborted);
            return;
        }

        _puncher.Remote.Update(payload, token is not null && payload.RemoteToken == token ? via.PeerAddress.Host : null);
        if (_phase == Phase.Probing)
            HandleProbed(message.PeerAddress ?? via.RelayAddress, payload, reply, now);
        else if (!payload.Punching || !_puncher.TryPunch(now))
            Fail(HolepunchFailure.Aborted);
        else
            _phase = Phase.Punching;
    }

    private void HandleProbed(PeerAddress peerAddress, HolepunchPayload payload, ReceivedReply reply, TimeSpan now)
    {
        (_peerAddress, _remoteToken) = (peerAddress, payload.Token);
        _puncher.Nat.Add(reply.To, reply.From);
        _phase = Phase.Judging;
        if (payload.Firewall != FirewallState.Unknown)
            return;
        // The server may be waiting for the first probe to come through.
        _phase = Phase.Pausing;
        _pauseUntil = now + _options.UnknownPause;
    }

    private static bool TryRead(HolepunchRelay via, ReceivedReply reply, [NotNullWhen(true)] out HolepunchMessage? message)
    {
        message = null;
        return reply.From == via.RelayAddress && reply.Error == DhtError.None && reply.Value is { } value
            && HolepunchMessage.TryDecode(value.Span, out message) && message.Mode == PeerRoutingMode.Reply;
    }

    private void Decide(TimeSpan now)
    {
        if (_phase != Phase.Judging)
            return;
        NatVerdict verdict = _puncher.Judge(mayReopen: false);
        if (verdict == NatVerdict.Unstable)
        {
            verdict = _puncher.Judge(mayReopen: true);
            if (verdict == NatVerdict.Stable && TryProbeAgain())
                return;
        }

        if (verdict == NatVerdict.Pending)
            return;
        FirewallState remote = _puncher.Remote.Firewall, own = _puncher.Nat.Firewall;
        if ((remote == FirewallState.Unknown || _remoteToken is null) && !_isLastProbe && TryProbeAgain())
            return;
        if (remote == FirewallState.Unknown || own == FirewallState.Unknown)
            Abort(HolepunchFailure.ProbeTimeout);
        else if (_puncher.Remote.IsRandom && own >= FirewallState.Random)
            Abort(HolepunchFailure.DoubleRandomizedNats);
        else
            Agree();
    }

    private bool TryProbeAgain()
    {
        if (_rounds >= (ulong)_options.MaxProbeRounds)
            return false;
        _isLastProbe = true;
        SendProbeRound();
        return true;
    }

    private void Agree()
    {
        // A server that has changed its socket is met at the new one, if our relay knows that one too.
        if (_route.ServerRelay.RelayAddress == _route.HandshakeRelay && _route.ServerAddress != _peerAddress)
        {
            _route = _route with { ServerAddress = _peerAddress };
            _puncher.Knock(_puncher.Socket, _peerAddress);
        }

        HolepunchProspect prospect = new(
            _puncher.Remote.Firewall, _puncher.Nat.Firewall, _puncher.Remote.Addresses, _puncher.Nat.Addresses ?? []);
        if (_veto?.Invoke(prospect) == true)
        {
            Abort(HolepunchFailure.Aborted);
            return;
        }

        _puncher.Nat.IsFrozen = true;
        if (_puncher.IsSearch)
        {
            _phase = Phase.Reserving;
            _puncher.RandomPermit.Apply();
        }
        else
            AskToPunch();
    }

    private void AskToPunch()
    {
        _phase = Phase.Agreeing;
        Send(_route.ByHandshake, Payload() with
        {
            Punching = true,
            Token = _session.TokenFor(_route.ServerAddress),
            RemoteToken = _remoteToken,
        });
    }

    private void Abort(HolepunchFailure reason)
    {
        (_phase, _reason) = (Phase.Aborting, reason);
        Send(_route.ServerRelay, new HolepunchPayload(HandshakeError.Aborted, FirewallState.Unknown, _rounds++));
    }

    private HolepunchPayload Payload()
        => new(HandshakeError.None, _puncher.Nat.Firewall, _rounds++, Addresses: _puncher.Nat.Addresses);

    private void Send(HolepunchRelay via, HolepunchPayload payload)
    {
        PunchTicket ticket = _nextTicket();
        _round = (ticket, via, payload.Token);
        OutgoingRequest request = _route.Request(via, _session.Seal(payload));
        _effects.Enqueue(new PunchEffect.Send(ticket, request with { Socket = _puncher.Socket }));
    }

    private void Fail(HolepunchFailure reason)
    {
        if (_phase == Phase.Over)
            return;
        Failure = reason;
        Close();
    }
}
