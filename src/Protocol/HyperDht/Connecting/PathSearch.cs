using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>The way of a client's stream; no address when the server's first packet will show it.</summary>
internal sealed record ChosenPath(StreamPath? Path, ConnectionPath Kind);

/// <summary>A client's search for a way to a server that has answered its handshake: open, local, or through a hole.</summary>
internal sealed class PathSearch
{
    private readonly ConnectOptions _options;
    private readonly NodeReachability _own;
    private readonly PathChoice _choice;
    private readonly IEntropy _entropy;
    private readonly Func<int> _nextNumber;
    private readonly Queue<ConnectEffect> _effects;
    private readonly Queue<PunchEffect> _punchEffects = new();
    private HolepunchInitiator? _holepunch;
    private (ConnectTicket Ticket, PeerAddress Address)? _localPing;
    private HolepunchRoute? _route;
    private TimeSpan? _punchAt;
    private ConnectFailure? _punchFailure;

    public PathSearch(
        ConnectOptions options, NodeReachability own, PathChoice choice, IEntropy entropy, Func<int> nextNumber, Queue<ConnectEffect> effects)
        => (_options, _own, _choice, _entropy, _nextNumber, _effects) = (options, own, choice, entropy, nextNumber, effects);

    /// <summary>A relay may carry the stream meanwhile.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Where the server's answer arrived.</summary>
    public required LocalSocket AnsweredOn { get; init; }

    public ChosenPath? Chosen { get; private set; }

    public ConnectFailure? Failure { get; private set; }

    public TimeSpan? NextDeadline => IsOver ? null : _punchAt ?? _holepunch?.NextDeadline;

    private bool IsOver => Chosen is not null || Failure is not null;

    public void Start(Bytes32 target, bool isDirect, TimeSpan now)
    {
        if (isDirect)
            Choose(new StreamPath(AnsweredOn, _choice.Relay), ConnectionPath.Direct);
        else if (_choice.IsServerOpen)
            Choose(new StreamPath(_own.RequestSocket, _choice.OpenAddress), ConnectionPath.Direct);
        else if (_own.IsOpen)
            Choose(null, ConnectionPath.Direct);
        else
        {
            if (_options.UsesLocalNetwork && _choice.LocalAddress(_own.LocalAddresses) is { } local)
                PingLocally(local);
            if (_options.PunchesHoles && _choice.Payload.Holepunch is { Relays.Count: > 0 } info)
                _route = HolepunchRoute.Through(target, info, _choice.Relay, _choice.ServerAddress);
            if (_localPing is null)
                PunchOrFail();
            else if (_route is not null)
                _punchAt = now + _options.LocalHeadStart;
        }
    }

    public void HandleReply(ConnectTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (IsOver)
            return;
        if (_localPing is { } ping && ping.Ticket == ticket)
            Choose(new StreamPath(LocalSocket.Server, ping.Address), ConnectionPath.Lan);
        else
            _holepunch?.HandleReply(new PunchTicket(ticket.Number), reply, now);
        Settle();
    }

    public void HandleFailure(ConnectTicket ticket, TimeSpan now)
    {
        if (IsOver)
            return;
        if (_localPing?.Ticket != ticket)
            _holepunch?.HandleFailure(new PunchTicket(ticket.Number), now);
        else
        {
            _localPing = null;
            if (_punchFailure is { } failure)
                Failure = failure;
            else if (_holepunch is null)
                PunchOrFail();
        }

        Settle();
    }

    public void HandleProbe(LocalSocket socket, PeerAddress from)
    {
        if (!IsOver)
            _holepunch?.HandleProbe(socket, from);
        Settle();
    }

    public void HandlePermit(bool isGranted, TimeSpan now)
    {
        _holepunch?.HandlePermit(isGranted, now);
        Settle();
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (!IsOver && now >= _punchAt)
            PunchOrFail();
        else if (!IsOver)
            _holepunch?.HandleTimeout(now);
        Settle();
    }

    public void Cancel()
    {
        _holepunch?.Close();
        Settle();
    }

    private void Choose(StreamPath? path, ConnectionPath kind)
    {
        Chosen = new ChosenPath(path, kind);
        _holepunch?.Close();
    }

    private void PingLocally(PeerAddress address)
    {
        ConnectTicket ticket = new(_nextNumber());
        _localPing = (ticket, address);
        _effects.Enqueue(new ConnectEffect.Send(ticket, new OutgoingRequest(address, DhtCommand.Ping)));
    }

    private void PunchOrFail()
    {
        _punchAt = null;
        if (_route is not null)
            Punch(_route);
        else
            Failure = ConnectFailure.CannotHolepunch;
    }

    private void Punch(HolepunchRoute route)
    {
        PunchTicket Next() => new(_nextNumber());
        HolepunchOptions options = _options.Holepunch;
        Puncher puncher = new(options, _own.Vantage, isInitiator: true, _choice.Payload.Firewall, Next, _entropy, _punchEffects);
        HolepunchSession session = new(_choice.Noise.HandshakeHash, _entropy);
        _holepunch = new HolepunchInitiator(options, _options.HolepunchVeto, route, session, puncher, Next, _punchEffects) { IsPatient = IsPatient };
        _holepunch.Start();
        Settle();
    }

    private void Settle()
    {
        if (!IsOver && _holepunch?.Found is { } found)
            Chosen = new ChosenPath(new StreamPath(found.Socket, found.Remote), _holepunch.WasSearch ? ConnectionPath.Birthday : ConnectionPath.Punched);
        else if (!IsOver && _holepunch?.Failure is { } failure)
        {
            // The way inside a shared network may still come about.
            _punchFailure = FailureOf(failure);
            Failure = _localPing is null ? _punchFailure : null;
        }

        while (_punchEffects.TryDequeue(out PunchEffect? effect))
        {
            _effects.Enqueue(effect is PunchEffect.Send send
                ? new ConnectEffect.Send(new ConnectTicket(send.Ticket.Number), send.Request)
                : new ConnectEffect.Punch(effect));
        }
    }

    private static ConnectFailure FailureOf(HolepunchFailure failure) => failure switch
    {
        HolepunchFailure.ProbeTimeout => ConnectFailure.HolepunchProbeTimeout,
        HolepunchFailure.DoubleRandomizedNats => ConnectFailure.HolepunchDoubleRandomizedNats,
        _ => ConnectFailure.HolepunchAborted,
    };
}
