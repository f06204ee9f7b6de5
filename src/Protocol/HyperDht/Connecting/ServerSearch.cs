using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>A client's search for a node through which the server answers its handshake.</summary>
internal sealed class ServerSearch
{
    private readonly ConnectOptions _options;
    private readonly PublicKey _remote;
    private readonly IReadOnlyList<PeerAddress> _known;
    private readonly RelayAttempts _attempts;
    private readonly InitiatorHandshake _handshake;
    private readonly ClientOffer _offer;
    private readonly Func<int> _nextNumber;
    private readonly Queue<ConnectEffect> _effects;
    private readonly Dictionary<ConnectTicket, PeerAddress> _handshakes = [];
    private int _walksLeft;
    private bool _isPrepared;
    private bool _isWalking;
    private bool _isStopped;

    public ServerSearch(
        ConnectOptions options, PublicKey remote, IReadOnlyList<PeerAddress> known, InitiatorHandshake handshake, ClientOffer offer,
        Func<int> nextNumber, Queue<ConnectEffect> effects)
    {
        (_options, _remote, _known, _handshake, _offer) = (options, remote, known, handshake, offer);
        (_nextNumber, _effects) = (nextNumber, effects);
        _attempts = new RelayAttempts(known, options);
        _walksLeft = known.Count > 0 ? 2 : 1;
    }

    /// <summary>The way of an earlier connection, until it has led nowhere.</summary>
    public StreamPath? Route { get => _attempts.Route; set => _attempts.Route = value; }

    /// <summary>Relays that a handshake was sent to.</summary>
    public IReadOnlyList<PeerAddress> Tried => _attempts.Tried;

    /// <summary>What the server has answered.</summary>
    public PathChoice? Answer { get; private set; }

    /// <summary>The answer came from the server itself.</summary>
    public bool IsDirect { get; private set; }

    public ConnectFailure? Failure { get; private set; }

    private bool IsOver => _isStopped || Answer is not null || Failure is not null;

    /// <summary>Begins the walk; handshakes leave from <see cref="Prepare"/> on.</summary>
    public void Start()
    {
        if (_attempts.Route is null)
            Walk([.. _known]);
    }

    public void Prepare()
    {
        _isPrepared = true;
        if (IsOver)
            return;
        if (_handshake.TryPrepare())
            SendHandshakes();
        else
            Fail(ConnectFailure.InvalidPublicKey);
    }

    /// <summary>A node of the walk answered.</summary>
    public void HandleFound(ReceivedReply reply)
    {
        if (IsOver || reply.Value is not { } value)
            return;
        if (!PeerRecord.TryDecode(value.Span, out PeerRecord record) || record.PublicKey != _remote)
            return;
        _attempts.Find(reply.From);
        if (_isPrepared)
            SendHandshakes();
    }

    /// <summary>The walk has ended, however it did.</summary>
    public void HandleWalkFinished()
    {
        _isWalking = false;
        GiveUpWhenExhausted();
    }

    /// <summary>False when the request is none of the search's.</summary>
    public bool TryHandleReply(ConnectTicket ticket, ReceivedReply reply)
    {
        if (!TryEnd(ticket, out PeerAddress relay))
            return false;
        if (IsOver)
            return true;
        if (InitiatorHandshake.TryRead(reply, relay, out HandshakeMessage? message)
            && _handshake.TryReceive(message.Noise.Span, out NoiseResult? result, out NoisePayload payload))
        {
            Settle(new PathChoice(result, payload, relay, message.PeerAddress ?? relay, reply.To), message.PeerAddress is null);
        }
        else
            TryOthers();
        return true;
    }

    /// <summary>False when the request is none of the search's.</summary>
    public bool TryHandleFailure(ConnectTicket ticket)
    {
        if (!TryEnd(ticket, out _))
            return false;
        if (!IsOver)
            TryOthers();
        return true;
    }

    /// <summary>Nothing follows but the end of a walk.</summary>
    public void Stop()
    {
        _isStopped = true;
        StopWalking();
    }

    private bool TryEnd(ConnectTicket ticket, out PeerAddress relay)
    {
        if (!_handshakes.Remove(ticket, out relay))
            return false;
        _attempts.End(relay);
        return true;
    }

    private void Settle(PathChoice answer, bool isDirect)
    {
        (Answer, IsDirect) = (answer, isDirect);
        StopWalking();
        if (!isDirect)
            LeaveRoute();
    }

    private void Walk(IReadOnlyList<PeerAddress> startNodes)
    {
        _walksLeft--;
        _isWalking = true;
        _effects.Enqueue(new ConnectEffect.Walk(RecordQueries.FindPeer(PeerRecord.TargetOf(_remote)) with
        {
            StartNodes = [.. startNodes],
            Retries = _options.SearchRetries,
        }));
    }

    private void TryOthers()
    {
        if (LeaveRoute())
            Walk([.. _known]);
        SendHandshakes();
        GiveUpWhenExhausted();
    }

    private bool LeaveRoute()
    {
        if (_attempts.Route is not { } route)
            return false;
        _attempts.Route = null;
        _effects.Enqueue(new ConnectEffect.LeaveSocket(route.Socket));
        return true;
    }

    private void SendHandshakes()
    {
        while (_attempts.TryNext(out PeerAddress relay))
        {
            ConnectTicket ticket = new(_nextNumber());
            _handshakes[ticket] = relay;
            HandshakeMessage message = new(PeerRoutingMode.FromClient, _handshake.Message ?? _handshake.Offer(_offer.Tell()));
            _effects.Enqueue(new ConnectEffect.Send(ticket, new OutgoingRequest(relay, HyperDhtCommand.PeerHandshake.ToDht())
            {
                Target = PeerRecord.TargetOf(_remote),
                Value = message.Encode(),
                Socket = _attempts.Route?.Socket,
            }));
        }
    }

    private void GiveUpWhenExhausted()
    {
        if (IsOver || _isWalking || !_attempts.IsIdle)
            return;
        if (_walksLeft > 0)
            Walk([]);
        else
            Fail(_attempts.FoundCount > 0 ? ConnectFailure.PeerConnectionFailed : ConnectFailure.PeerNotFound);
    }

    private void Fail(ConnectFailure failure)
    {
        Failure = failure;
        StopWalking();
    }

    private void StopWalking()
    {
        if (!_isWalking)
            return;
        _isWalking = false;
        _effects.Enqueue(new ConnectEffect.StopWalk());
    }
}
