using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>One attempt to connect to a public key: finds the server, then the way of the stream.</summary>
public sealed class ConnectMachine
{
    private readonly ConnectOptions _options;
    private readonly PublicKey _remote;
    private readonly uint _streamId;
    private readonly IEntropy _entropy;
    private readonly ClientRelay _relay;
    private readonly ClientOffer _offer;
    private readonly ServerSearch _server;
    private readonly Queue<ConnectEffect> _effects = new();
    private PathSearch? _path;
    private int _lastTicket;
    private bool _isStarting;
    private bool _isOver;

    /// <param name="streamId">Our end of the stream, unique on this node; its packets may arrive before the server's answer.</param>
    /// <param name="known">Relays to try before searching, for example those of an earlier connection.</param>
    /// <param name="relayThrough">Blind relays, one of which may carry the stream.</param>
    public ConnectMachine(
        ConnectOptions options, KeyPair keyPair, PublicKey remote, uint streamId, NodeReachability own, IReadOnlyList<PeerAddress> known,
        IReadOnlyList<PublicKey> relayThrough, IEntropy entropy)
    {
        (_options, _remote, _streamId, _entropy) = (options, remote, streamId, entropy);
        _relay = new ClientRelay(RelayRoute.Offer(relayThrough, entropy));
        _offer = new ClientOffer(options, streamId, own, _relay);
        _server = new ServerSearch(options, remote, known, new InitiatorHandshake(keyPair, remote, entropy), _offer, NextNumber, _effects);
    }

    /// <summary>The way of an earlier connection, which is tried before anything else.</summary>
    public StreamPath? Route { get => _server.Route; init => _server.Route = value; }

    /// <summary>The attempt has succeeded or failed.</summary>
    public bool IsOver => _isOver;

    public TimeSpan? NextDeadline => _isOver ? null : _path?.NextDeadline;

    /// <summary>The walk comes first: the agreements of the handshake are computed while its answers are under way.</summary>
    public bool TryTake([NotNullWhen(true)] out ConnectEffect? effect)
    {
        if (_isStarting && _effects.Count == 0)
        {
            _isStarting = false;
            _server.Prepare();
            Conclude();
        }

        return _effects.TryDequeue(out effect);
    }

    public void Start()
    {
        _isStarting = true;
        _server.Start();
    }

    /// <summary>What the node knows about itself has changed, which counts until the server has been told.</summary>
    public void HandleReachability(NodeReachability own) => _offer.Note(own);

    /// <summary>A node of the walk answered.</summary>
    public void HandleFound(ReceivedReply reply) => _server.HandleFound(reply);

    /// <summary>The walk has ended, however it did.</summary>
    public void HandleWalkFinished()
    {
        _server.HandleWalkFinished();
        Conclude();
    }

    public void HandleReply(ConnectTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (!_server.TryHandleReply(ticket, reply))
            _path?.HandleReply(ticket, reply, now);
        else if (_server.Answer is { } answer && _path is null && !_isOver)
            Settle(answer, now);
        Conclude();
    }

    public void HandleFailure(ConnectTicket ticket, TimeSpan now)
    {
        if (!_server.TryHandleFailure(ticket))
            _path?.HandleFailure(ticket, now);
        Conclude();
    }

    /// <summary>One byte arrived on a socket that was opened for the attempt.</summary>
    public void HandleProbe(LocalSocket socket, PeerAddress from)
    {
        _path?.HandleProbe(socket, from);
        Conclude();
    }

    /// <summary>The answer to <see cref="PunchEffect.ReserveRandomPunch"/>.</summary>
    public void HandlePermit(bool isGranted, TimeSpan now)
    {
        _path?.HandlePermit(isGranted, now);
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
        _path?.HandleTimeout(now);
        Conclude();
    }

    /// <summary>Nobody waits for the connection any more; nothing follows but what closes sockets.</summary>
    public void Cancel()
    {
        if (_isOver)
            return;
        _isOver = true;
        _server.Stop();
        _path?.Cancel();
    }

    private int NextNumber() => ++_lastTicket;

    private void Settle(PathChoice answer, TimeSpan now)
    {
        if (answer.Refusal is { } refusal)
        {
            Fail(refusal);
            return;
        }

        _path = new PathSearch(_options, _offer.Reachability, answer, _entropy, NextNumber, _effects)
        {
            AnsweredOn = _server.Route?.Socket ?? _offer.Reachability.RequestSocket,
            IsPatient = answer.Payload.RelayThrough is not null || _relay.Offer is not null,
        };
        _path.Start(PeerRecord.TargetOf(_remote), _server.IsDirect, now);
        if (_path.Chosen is null && _relay.Begin(answer.Payload) is { } route)
            _effects.Enqueue(new ConnectEffect.Relay(answer.Establish(_streamId, null, ConnectionPath.Relayed, _options.RelayedPathTimeout), route));
    }

    private void Conclude()
    {
        if (_isOver)
            return;
        if (_path?.Chosen is { } chosen)
            Connect(chosen, _server.Answer!);
        else if (_path?.Failure is { } failure)
            Conclude(failure);
        else if (_server.Failure is { } reason)
            Fail(reason);
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

    private void Connect(ChosenPath chosen, PathChoice answer)
    {
        _isOver = true;
        EstablishedConnection connection = answer.Establish(_streamId, chosen.Path, chosen.Kind, _options.PathTimeout);
        IReadOnlyList<PeerAddress> relays = answer.Payload.RelayAddresses is { Count: > 0 } named ? named : _server.Tried;
        _effects.Enqueue(new ConnectEffect.Connected(connection, relays));
    }

    private void Fail(ConnectFailure reason)
    {
        _isOver = true;
        _effects.Enqueue(new ConnectEffect.Failed(reason));
    }
}
