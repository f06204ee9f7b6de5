using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>One attempt to connect to a public key: finds relays, shakes hands and settles the path of the stream.</summary>
public sealed class ConnectMachine
{
    private readonly ConnectOptions _options;
    private readonly PublicKey _remote;
    private readonly uint _streamId;
    private readonly IReadOnlyList<PeerAddress> _known;
    private readonly RelayAttempts _attempts;
    private readonly InitiatorHandshake _handshake;
    private readonly ClientOffer _offer;
    private readonly Dictionary<ConnectTicket, PeerAddress> _handshakes = [];
    private readonly Queue<ConnectEffect> _effects = new();
    private int _lastTicket;
    private int _walksLeft;
    private bool _isStarting;
    private bool _isWalking;
    private bool _isOver;
    private readonly IEntropy _entropy;
    private PathChoice? _choice;
    private PathSearch? _search;
    private readonly ClientRelay _relay;

    /// <param name="streamId">Our end of the stream, unique on this node; its packets may arrive before the server's answer.</param>
    /// <param name="known">Relays to try before searching, for example those of an earlier connection.</param>
    /// <param name="relayThrough">Blind relays, one of which may carry the stream.</param>
    public ConnectMachine(
        ConnectOptions options, KeyPair keyPair, PublicKey remote, uint streamId, NodeReachability own, IReadOnlyList<PeerAddress> known,
        IReadOnlyList<PublicKey> relayThrough, IEntropy entropy)
    {
        (_options, _remote, _streamId, _known, _entropy) = (options, remote, streamId, known, entropy);
        _relay = new ClientRelay(RelayRoute.Offer(relayThrough, entropy));
        _attempts = new RelayAttempts(known, options);
        _walksLeft = known.Count > 0 ? 2 : 1;
        _offer = new ClientOffer(options, streamId, own, _relay);
        _handshake = new InitiatorHandshake(keyPair, remote, entropy);
    }

    /// <summary>The way of an earlier connection, which is tried before anything else.</summary>
    public StreamPath? Route { get => _attempts.Route; init => _attempts.Route = value; }

    /// <summary>The attempt has succeeded or failed.</summary>
    public bool IsOver => _isOver;

    public TimeSpan? NextDeadline => _isOver ? null : _search?.NextDeadline;

    /// <summary>The walk comes first: the agreements of the handshake are computed while its answers are under way.</summary>
    public bool TryTake([NotNullWhen(true)] out ConnectEffect? effect)
    {
        if (_isStarting && _effects.Count == 0)
        {
            _isStarting = false;
            Prepare();
        }

        return _effects.TryDequeue(out effect);
    }

    public void Start()
    {
        _isStarting = true;
        if (_attempts.Route is null)
            Walk([.. _known]);
    }

    /// <summary>What the node knows about itself has changed, which counts until the server has been told.</summary>
    public void HandleReachability(NodeReachability own) => _offer.Note(own);

    /// <summary>A node of the walk answered.</summary>
    public void HandleFound(ReceivedReply reply)
    {
        if (IsSettled || reply.Value is not { } value)
            return;
        if (!PeerRecord.TryDecode(value.Span, out PeerRecord record) || record.PublicKey != _remote)
            return;
        _attempts.Find(reply.From);
        if (!_isStarting)
            SendHandshakes();
    }

    /// <summary>The walk has ended, however it did.</summary>
    public void HandleWalkFinished()
    {
        _isWalking = false;
        GiveUpWhenExhausted();
    }

    public void HandleReply(ConnectTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (!_handshakes.Remove(ticket, out PeerAddress relay))
        {
            _search?.HandleReply(ticket, reply, now);
            Conclude();
            return;
        }

        _attempts.End(relay);
        if (IsSettled)
            return;
        if (InitiatorHandshake.TryRead(reply, relay, out HandshakeMessage? message)
            && _handshake.TryReceive(message.Noise.Span, out SecretStream.Noise.NoiseResult? result, out NoisePayload payload))
        {
            Settle(new PathChoice(result, payload, relay, message.PeerAddress ?? relay, reply.To), message.PeerAddress is null, now);
            return;
        }

        TryOthers();
    }

    public void HandleFailure(ConnectTicket ticket, TimeSpan now)
    {
        if (!_handshakes.Remove(ticket, out PeerAddress relay))
        {
            _search?.HandleFailure(ticket, now);
            Conclude();
            return;
        }

        _attempts.End(relay);
        if (!IsSettled)
            TryOthers();
    }

    /// <summary>One byte arrived on a socket that was opened for the attempt.</summary>
    public void HandleProbe(LocalSocket socket, PeerAddress from)
    {
        _search?.HandleProbe(socket, from);
        Conclude();
    }

    /// <summary>The answer to <see cref="PunchEffect.ReserveRandomPunch"/>.</summary>
    public void HandlePermit(bool isGranted, TimeSpan now)
    {
        _search?.HandlePermit(isGranted, now);
        Conclude();
    }

    /// <summary>The relay of <see cref="ConnectEffect.Relay"/> carries the stream, or never will.</summary>
    public void HandleRelay(bool isPaired)
    {
        _relay.Handle(isPaired);
        Conclude();
    }

    public void HandleTimeout(TimeSpan now)
    {
        _search?.HandleTimeout(now);
        Conclude();
    }

    /// <summary>Nobody waits for the connection any more; nothing follows but what closes sockets.</summary>
    public void Cancel()
    {
        if (_isOver)
            return;
        StopWalking();
        _isOver = true;
        _search?.Cancel();
    }

    private bool IsSettled => _isOver || _choice is not null;

    private void Prepare()
    {
        if (_isOver)
            return;
        if (_handshake.TryPrepare())
            SendHandshakes();
        else
            Fail(ConnectFailure.InvalidPublicKey);
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
        if (_attempts.Route is not null)
        {
            _attempts.Route = null;
            Walk([.. _known]);
        }

        SendHandshakes();
        GiveUpWhenExhausted();
    }

    private void SendHandshakes()
    {
        while (_attempts.TryNext(out PeerAddress relay))
        {
            ConnectTicket ticket = new(++_lastTicket);
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
        if (IsSettled || _isWalking || !_attempts.IsIdle)
            return;
        if (_walksLeft > 0)
            Walk([]);
        else
            Fail(_attempts.FoundCount > 0 ? ConnectFailure.PeerConnectionFailed : ConnectFailure.PeerNotFound);
    }

    private void Settle(PathChoice choice, bool isDirect, TimeSpan now)
    {
        if (choice.Refusal is { } refusal)
        {
            Fail(refusal);
            return;
        }

        StopWalking();
        _choice = choice;
        _search = new PathSearch(_options, _offer.Reachability, choice, _entropy, () => ++_lastTicket, _effects)
        {
            AnsweredOn = _attempts.Route?.Socket ?? _offer.Reachability.RequestSocket,
            IsPatient = choice.Payload.RelayThrough is not null || _relay.Offer is not null,
        };
        _search.Start(PeerRecord.TargetOf(_remote), isDirect, now);
        if (_search.Chosen is null && _relay.Begin(choice.Payload) is { } route)
            _effects.Enqueue(new ConnectEffect.Relay(choice.Establish(_streamId, null, ConnectionPath.Relayed, _options.RelayedPathTimeout), route));
        Conclude();
    }

    private void Conclude()
    {
        if (_search?.Chosen is { } chosen)
            Connect(chosen);
        else if (_search?.Failure is { } failure && !_isOver)
            Conclude(failure);
    }

    private void Conclude(ConnectFailure failure)
    {
        if (_relay.Judge(failure) is { } final)
            Fail(final);
        else if (_relay.IsPaired)
        {
            _isOver = true;
            _effects.Enqueue(new ConnectEffect.StaysRelayed());
        }
    }

    private void Connect(ChosenPath chosen)
    {
        if (_isOver || _choice is not { } choice)
            return;
        _isOver = true;
        EstablishedConnection connection = choice.Establish(_streamId, chosen.Path, chosen.Kind, _options.PathTimeout);
        IReadOnlyList<PeerAddress> relays = choice.Payload.RelayAddresses is { Count: > 0 } named ? named : _attempts.Tried;
        _effects.Enqueue(new ConnectEffect.Connected(connection, relays));
    }

    private void Fail(ConnectFailure reason)
    {
        if (_isOver)
            return;
        StopWalking();
        _isOver = true;
        _effects.Enqueue(new ConnectEffect.Failed(reason));
    }

    private void StopWalking()
    {
        if (!_isWalking)
            return;
        _isWalking = false;
        _effects.Enqueue(new ConnectEffect.StopWalk());
    }
}
