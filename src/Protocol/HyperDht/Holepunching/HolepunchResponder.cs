using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What a server tells a client in one round.</summary>
/// <param name="Request">The round's request, to be passed back to the relay it came from.</param>
/// <param name="Client">The client as that relay sees it.</param>
/// <param name="Socket">The socket to answer from; absent when the holepunch has none any more.</param>
internal sealed record HolepunchAnswer(ReceivedRequest Request, PeerAddress Client, byte[] Payload, LocalSocket? Socket);

/// <summary>The server's side of one client's holepunch: answers rounds as soon as the own NAT is known, and punches when the client does.</summary>
internal sealed class HolepunchResponder
{
    private readonly HolepunchOptions _options;
    private readonly HolepunchVeto? _veto;
    private readonly HolepunchSession _session;
    private readonly Puncher _puncher;
    private readonly List<Round> _waiting = [];
    private readonly Queue<HolepunchAnswer> _answers = new();
    private TimeSpan? _giveUpAt;
    private ulong _round;

    /// <param name="giveUpAt">Until then the client must have begun to punch.</param>
    public HolepunchResponder(HolepunchOptions options, HolepunchVeto? veto, HolepunchSession session, Puncher puncher, TimeSpan giveUpAt)
        => (_options, _veto, _session, _puncher, _giveUpAt) = (options, veto, session, puncher, giveUpAt);

    /// <summary>The stream is carried by a relay meanwhile: a client that is told to try later may do so.</summary>
    public bool IsPatient { get; init; }

    /// <summary>The socket that the client is to be reached from.</summary>
    public LocalSocket Socket => _puncher.Socket;

    /// <summary>A way was found, or everything was tried in vain.</summary>
    public bool IsOver => _puncher.IsOver;

    /// <summary>The client has not begun to punch.</summary>
    public bool IsIdle => _giveUpAt is not null;

    /// <summary>Rounds that were too many, or not sealed by the client.</summary>
    public long DroppedCount { get; private set; }

    public TimeSpan? NextDeadline => IsOver ? null : _giveUpAt ?? _puncher.NextDeadline;

    public bool TryTakeAnswer([NotNullWhen(true)] out HolepunchAnswer? answer) => _answers.TryDequeue(out answer);

    /// <param name="request">The relay's request.</param>
    /// <param name="client">The client as the relay sees it.</param>
    /// <param name="payload">The client's sealed words.</param>
    /// <param name="isOwnRelay">The server is announced to the relay, so that tokens sent through it prove something.</param>
    /// <param name="now">The time.</param>
    public void HandleRound(ReceivedRequest request, PeerAddress client, ReadOnlySpan<byte> payload, bool isOwnRelay, TimeSpan now)
    {
        if (IsOver || _waiting.Count >= _options.MaxWaitingRounds || !_session.TryOpen(payload, out HolepunchPayload said))
        {
            DroppedCount++;
            return;
        }

        if (said.Error != HandshakeError.None)
        {
            Abort(new Round(request, client, said, isOwnRelay), HandshakeError.Aborted);
            return;
        }

        if (request.Socket == Socket)
            _puncher.Nat.Add(request.To, request.From);
        if (said.Round >= _round)
        {
            _round = said.Round;
            bool hasEchoed = isOwnRelay && said.RemoteToken == _session.TokenFor(client);
            _puncher.Remote.Update(said, hasEchoed ? client.Host : null);
        }

        _waiting.Add(new Round(request, client, said, isOwnRelay));
        AnswerWaiting(now);
    }

    public void HandleReply(PunchTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (_puncher.HandleReply(ticket, reply))
            AnswerWaiting(now);
    }

    public void HandleFailure(PunchTicket ticket, TimeSpan now)
    {
        if (_puncher.HandleFailure(ticket))
            AnswerWaiting(now);
    }

    public void HandleProbe(LocalSocket socket, PeerAddress from) => _puncher.HandleProbe(socket, from);

    public void HandlePermit(bool isGranted, TimeSpan now)
    {
        _puncher.RandomPermit.Handle(isGranted);
        AnswerWaiting(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        _puncher.Advance(now);
        if (now >= _giveUpAt || _puncher.IsExhausted)
            Close();
    }

    /// <summary>The client's stream has arrived, on this socket or on another; or there is no use in waiting.</summary>
    public void Close(LocalSocket? kept = null)
    {
        _waiting.Clear();
        _puncher.Close(kept);
    }

    private void AnswerWaiting(TimeSpan now)
    {
        while (_waiting.Count > 0 && !IsOver)
        {
            Round round = _waiting[0];
            if (!TryAnswer(round, now))
                return;
            _waiting.Remove(round);
        }
    }

    /// <summary>False while something is awaited that the answer depends on.</summary>
    private bool TryAnswer(Round round, TimeSpan now)
    {
        NatVerdict verdict = _puncher.Judge(mayReopen: false);
        if (verdict == NatVerdict.Unstable && !_puncher.Remote.IsPunching)
        {
            verdict = _puncher.Judge(mayReopen: true);
            if (verdict == NatVerdict.Unstable)
                return Abort(round, HandshakeError.Aborted);
        }

        if (verdict == NatVerdict.Pending)
            return false;
        AnswerFast(round);
        if (_puncher.Remote.IsPunching)
        {
            if (!round.IsApproved && _veto?.Invoke(Prospect) == true)
                return Abort(round, HandshakeError.Aborted);
            round.IsApproved = true;
            _giveUpAt = null;
            if (_puncher.IsSearch && _puncher.RandomPermit.IsGranted is not true)
                return TryRefuse(round);
            if (!_puncher.TryPunch(now))
                return Abort(round, HandshakeError.Aborted);
        }

        if (_puncher.Nat.Firewall != FirewallState.Unknown)
            _puncher.Nat.IsFrozen = true;
        Answer(round, HandshakeError.None);
        return true;
    }

    private HolepunchProspect Prospect
        => new(_puncher.Remote.Firewall, _puncher.Nat.Firewall, _puncher.Remote.Addresses, _puncher.Nat.Addresses ?? []);

    // The client has opened its NAT for us already: one probe may do.
    private void AnswerFast(Round round)
    {
        if (round.IsGreeted)
            return;
        round.IsGreeted = true;
        if (_puncher.Nat.IsConsistent && round.Said.RemoteAddress is { } dialled && _puncher.Nat.Addresses?.Contains(dialled) == true)
            _puncher.Probe(Socket, round.Client);
    }

    private bool TryRefuse(Round round)
    {
        if (_puncher.RandomPermit.IsGranted is null)
        {
            _puncher.RandomPermit.Apply();
            return false;
        }

        if (!IsPatient)
            return Abort(round, HandshakeError.TryLater);
        _puncher.RandomPermit.Release(wasUsed: false);
        Answer(round, HandshakeError.TryLater);
        return true;
    }

    private void Answer(Round round, HandshakeError error)
    {
        HolepunchPayload payload = new(
            error, _puncher.Nat.Firewall, _round, Punching: _puncher.IsPunching, Addresses: _puncher.Nat.Addresses,
            Token: round.IsOwnRelay ? _session.TokenFor(round.Client) : null, RemoteToken: round.Said.Token);
        _answers.Enqueue(new HolepunchAnswer(round.Request, round.Client, _session.Seal(payload), Socket));
    }

    private bool Abort(Round round, HandshakeError error)
    {
        HolepunchPayload payload = new(error, FirewallState.Unknown, _round);
        _answers.Enqueue(new HolepunchAnswer(round.Request, round.Client, _session.Seal(payload), null));
        Close();
        return true;
    }

    private sealed record Round(ReceivedRequest Request, PeerAddress Client, HolepunchPayload Said, bool IsOwnRelay)
    {
        /// <summary>The quick probe has been sent.</summary>
        public bool IsGreeted { get; set; }

        /// <summary>The application has nothing against it.</summary>
        public bool IsApproved { get; set; }
    }
}
