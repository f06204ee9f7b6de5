using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>The client's side of a holepunch: one round to learn about both NATs, one to begin, then probes.</summary>
internal sealed class HolepunchInitiator
{
    private readonly HolepunchOptions _options;
    private readonly HolepunchVeto? _veto;
    private readonly Puncher _puncher;
    private readonly HolepunchRounds _rounds;
    private HolepunchRoute _route;
    private Phase _phase;
    private TimeSpan? _pauseUntil;
    private PeerAddress _peerAddress;
    private Bytes32? _remoteToken;
    private bool _isLastProbe;
    private bool _isDelayed;
    private HolepunchFailure _reason;

    public HolepunchInitiator(
        HolepunchOptions options, HolepunchVeto? veto, HolepunchRoute route, HolepunchSession session, Puncher puncher,
        Func<PunchTicket> nextTicket, Queue<PunchEffect> effects)
    {
        (_options, _veto, _route, _puncher) = (options, veto, route, puncher);
        _rounds = new HolepunchRounds(session, nextTicket, effects);
    }

    private enum Phase
    {
        Probing,
        Pausing,
        Judging,
        Reserving,
        Telling,
        Waiting,
        Agreeing,
        Punching,
        Aborting,
        Over,
    }

    /// <summary>The stream is carried by a relay meanwhile: a side that is busy with another search is asked again later.</summary>
    public bool IsPatient { get; init; }

    /// <summary>The socket and the address between which a probe has passed.</summary>
    public (LocalSocket Socket, PeerAddress Remote)? Found { get; private set; }

    public HolepunchFailure? Failure { get; private set; }

    /// <summary>A random port was searched for.</summary>
    public bool WasSearch { get; private set; }

    public TimeSpan? NextDeadline => _phase switch
    {
        Phase.Over => null,
        Phase.Pausing or Phase.Waiting => _pauseUntil,
        _ => _puncher.NextDeadline,
    };

    public void Start() => SendProbeRound();

    /// <summary>False when the request is none of the holepunch's.</summary>
    public bool HandleReply(PunchTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (_rounds.IsPending(ticket))
            HandleRound(reply, now);
        else if (!_puncher.HandleReply(ticket, reply))
            return false;
        Decide(now);
        return true;
    }

    public bool HandleFailure(PunchTicket ticket, TimeSpan now)
    {
        if (_rounds.IsPending(ticket))
        {
            _rounds.End();
            Fail(_phase == Phase.Aborting ? _reason : HolepunchFailure.Aborted);
        }
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
        else if (!IsPatient)
            Fail(HolepunchFailure.Aborted);
        else if (_isDelayed)
            WaitForLeave(now);
        else
            TellOfDelay();
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (_phase == Phase.Pausing && now >= _pauseUntil)
            _phase = Phase.Judging;
        else if (_phase == Phase.Waiting && now >= _pauseUntil)
            Reserve();
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

    private void HandleRound(ReceivedReply reply, TimeSpan now)
    {
        bool isRead = _rounds.TryEnd(reply, out HolepunchWord? word);
        if (_phase == Phase.Aborting)
            Fail(_reason);
        if (_phase == Phase.Over)
            return;
        HandshakeError error = isRead ? word!.Payload.Error : HandshakeError.Aborted;
        if (error == HandshakeError.TryLater && IsPatient && _phase == Phase.Agreeing)
        {
            _puncher.Remote.Update(word!.Payload, word.VerifiedHost);
            _puncher.RandomPermit.Release(wasUsed: false);
            WaitForLeave(now);
            return;
        }

        if (error != HandshakeError.None)
        {
            Fail(HolepunchFailure.Aborted);
            return;
        }

        _puncher.Remote.Update(word!.Payload, word.VerifiedHost);
        HandleWord(word, reply, now);
    }

    private void HandleWord(HolepunchWord word, ReceivedReply reply, TimeSpan now)
    {
        if (_phase == Phase.Probing)
            HandleProbed(word, reply, now);
        else if (_phase == Phase.Telling)
            WaitForLeave(now);
        else if (!word.Payload.Punching || !_puncher.TryPunch(now))
            Fail(HolepunchFailure.Aborted);
        else
            _phase = Phase.Punching;
    }

    private void HandleProbed(HolepunchWord word, ReceivedReply reply, TimeSpan now)
    {
        (_peerAddress, _remoteToken) = (word.PeerAddress, word.Payload.Token);
        _puncher.Nat.Add(reply.To, reply.From);
        _phase = Phase.Judging;
        if (word.Payload.Firewall != FirewallState.Unknown)
            return;
        // The server may be waiting for the first probe to come through.
        _phase = Phase.Pausing;
        _pauseUntil = now + _options.UnknownPause;
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
        if (_rounds.Count >= _options.MaxProbeRounds)
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
            Reserve();
        else
            AskToPunch();
    }

    private void Reserve()
    {
        _phase = Phase.Reserving;
        _puncher.RandomPermit.Apply();
    }

    // Our relay has seen the token by now, so that the server's own can carry what follows.
    private void TellOfDelay()
    {
        (_phase, _isDelayed) = (Phase.Telling, true);
        Send(_route.ByHandshake, Proof());
    }

    private void WaitForLeave(TimeSpan now)
    {
        (_phase, _isDelayed) = (Phase.Waiting, true);
        _pauseUntil = now + _puncher.DrawRetryPause();
    }

    private void AskToPunch()
    {
        _phase = Phase.Agreeing;
        if (_isDelayed)
            Send(_route.ServerRelay, Payload() with { Punching = true, RemoteToken = _remoteToken });
        else
            Send(_route.ByHandshake, Proof() with { Punching = true });
    }

    private void Abort(HolepunchFailure reason)
    {
        (_phase, _reason) = (Phase.Aborting, reason);
        Send(_route.ServerRelay, new HolepunchPayload(HandshakeError.Aborted, FirewallState.Unknown, 0));
    }

    private HolepunchPayload Payload() => new(HandshakeError.None, _puncher.Nat.Firewall, 0, Addresses: _puncher.Nat.Addresses);

    private HolepunchPayload Proof() => Payload() with { Token = _rounds.TokenFor(_route.ServerAddress), RemoteToken = _remoteToken };

    private void Send(HolepunchRelay via, HolepunchPayload payload) => _rounds.Send(_route, via, _puncher.Socket, payload);

    private void Fail(HolepunchFailure reason)
    {
        if (_phase == Phase.Over)
            return;
        Failure = reason;
        Close();
    }
}
