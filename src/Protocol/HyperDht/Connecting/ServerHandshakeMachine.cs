using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Whether a server turns a client away, without an answer that would tell that it is there.</summary>
/// <param name="publicKey">Proven by the client's handshake message.</param>
/// <param name="payload">What the client says about itself.</param>
/// <param name="address">Where the client is, as the last relay saw it.</param>
public delegate bool ConnectionFirewall(PublicKey publicKey, NoisePayload payload, PeerAddress address);

/// <summary>The handshakes of one listening key: admits clients, answers each message once and settles the path of each stream.</summary>
public sealed class ServerHandshakeMachine
{
    private readonly ServerHandshakeOptions _options;
    private readonly KeyPair _keyPair;
    private readonly IEntropy _entropy;
    private readonly ConnectionFirewall _refuses;
    private readonly Func<uint> _nextStreamId;
    private readonly Dictionary<Bytes32, ServerHandshake> _handshakes = [];
    private readonly SortedSet<int> _freeSlots = [];
    private readonly Queue<ServerHandshakeEffect> _effects = new();
    private readonly ServerHolepunches _holepunches;
    private IReadOnlyList<HolepunchRelay> _relays = [];
    private IReadOnlyList<PeerAddress> _relayAddresses = [];
    private readonly IReadOnlyList<PublicKey> _relayThrough;
    private int _slots;
    private long _refused;
    private long _malformed;
    private long _repeated;
    private long _tooMany;

    /// <param name="relayThrough">Blind relays, one of which may carry a client's stream.</param>
    /// <param name="nextStreamId">Gives stream ids that are unique on this node.</param>
    public ServerHandshakeMachine(
        ServerHandshakeOptions options, KeyPair keyPair, ConnectionFirewall refuses, IReadOnlyList<PublicKey> relayThrough, Func<uint> nextStreamId,
        IEntropy entropy)
    {
        _relayThrough = relayThrough;
        (_options, _keyPair, _refuses, _nextStreamId, _entropy) = (options, keyPair, refuses, nextStreamId, entropy);
        _holepunches = new ServerHolepunches(options, entropy, _effects);
    }

    /// <summary>Tells clients that another connection may go the way of the one before.</summary>
    public bool ReusesSocket { get; init; }

    /// <summary>What was turned away.</summary>
    public HandshakeCounts Counts => new(_refused, _malformed, _repeated, _tooMany, _holepunches.DisplacedCount, _holepunches.DroppedCount);

    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? forget = _handshakes.Values.Min(handshake => (TimeSpan?)handshake.Deadline), punch = _holepunches.NextDeadline;
            TimeSpan? next = punch < forget || forget is null ? punch : forget;
            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    public bool TryTake([NotNullWhen(true)] out ServerHandshakeEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>The relays that the server is announced to now, see <see cref="Announcing.AnnouncerEffect.Announced"/>.</summary>
    public void HandleAnnounced(IReadOnlyList<HolepunchRelay> relays, IReadOnlyList<PeerAddress> addresses)
    {
        (_relays, _relayAddresses) = (relays, addresses);
        _holepunches.HandleAnnounced(relays.Select(relay => relay.RelayAddress));
    }

    /// <summary>A handshake message for this server arrived, on any of its ways.</summary>
    public void Handle(ReceivedRequest request, PeerRoute.Accept accept, NodeReachability own, TimeSpan now)
    {
        Bytes32 key = Blake2b.Hash256(accept.Noise.Span);
        bool isNew = !_handshakes.TryGetValue(key, out ServerHandshake? handshake);
        if (isNew)
            handshake = Begin(key, accept, own, now);
        else
            _repeated++;
        if (handshake?.Reply is null)
            return;
        if (isNew && handshake.Noise is not null)
            Open(handshake, request, accept, own, now);
        if (handshake.Reply is not null)
            Answer(handshake, request, accept, handshake.Reply);
    }

    /// <summary>A PEER_HOLEPUNCH for this server arrived from a relay.</summary>
    public void HandleHolepunch(ReceivedRequest request, HolepunchMessage message, TimeSpan now)
        => _holepunches.HandleRound(request, message, now);

    public void HandleReply(PunchTicket ticket, ReceivedReply reply, TimeSpan now) => _holepunches.HandleReply(ticket, reply, now);

    public void HandleFailure(PunchTicket ticket, TimeSpan now) => _holepunches.HandleFailure(ticket, now);

    /// <summary>One byte arrived on a socket that was opened for a client.</summary>
    public void HandleProbe(LocalSocket socket, PeerAddress from, TimeSpan now) => _holepunches.HandleProbe(socket, from, now);

    /// <summary>The answer to <see cref="PunchEffect.ReserveRandomPunch"/>.</summary>
    public void HandlePermit(uint streamId, bool isGranted, TimeSpan now) => _holepunches.HandlePermit(streamId, isGranted, now);

    /// <summary>The client's stream has shown its path.</summary>
    public void HandleArrived(uint streamId, LocalSocket socket, TimeSpan now) => _holepunches.HandleArrived(streamId, socket, now);

    /// <summary>Forgets all handshakes and gives up the streams that have not arrived.</summary>
    public void Clear(TimeSpan now)
    {
        _holepunches.Clear(now);
        foreach (ServerHandshake handshake in _handshakes.Values.Where(handshake => handshake.Noise is not null))
            _effects.Enqueue(new ServerHandshakeEffect.Abandoned(handshake.StreamId));
        _handshakes.Clear();
        _freeSlots.Clear();
        _slots = 0;
    }

    public void HandleTimeout(TimeSpan now)
    {
        _holepunches.HandleTimeout(now);
        foreach (ServerHandshake handshake in _handshakes.Values.Where(handshake => now >= handshake.Deadline).ToArray())
            Forget(handshake);
    }

    // What is no handshake for this key is not remembered, so that noise cannot fill the memory.
    private ServerHandshake? Begin(Bytes32 key, PeerRoute.Accept accept, NodeReachability own, TimeSpan now)
    {
        NoiseHandshake noise = NoiseHandshake.RespondIK(_keyPair, HyperDhtNamespaces.PeerHandshake.Span, _entropy);
        if (!noise.TryReceive(accept.Noise.Span, out byte[] plain) || !NoisePayload.TryDecode(plain, out NoisePayload payload))
        {
            _malformed++;
            return null;
        }

        if (!TryMakeRoom())
        {
            _tooMany++;
            return null;
        }

        ServerHandshake handshake = new(key, TakeSlot()) { Client = accept.ClientAddress, Deadline = now + _options.ClearAfter };
        _handshakes[key] = handshake;
        if (_refuses(noise.RemotePublicKey!.Value, payload, accept.ClientAddress))
            _refused++;
        else
            Reply(handshake, noise, payload, own);
        return handshake;
    }

    // In a flood the memory of what is settled is shorter; a holepunch that is under way is never forgotten for a newcomer here.
    private bool TryMakeRoom()
    {
        if (_handshakes.Count < _options.MaxHandshakes)
            return true;
        ServerHandshake? oldest = _handshakes.Values.Where(handshake => handshake.Deadline < TimeSpan.MaxValue).MinBy(handshake => handshake.Deadline);
        if (oldest is null)
            return false;
        Forget(oldest);
        return true;
    }

    private void Reply(ServerHandshake handshake, NoiseHandshake noise, NoisePayload payload, NodeReachability own)
    {
        HandshakeError error = payload.Version != NoisePayload.CurrentVersion ? HandshakeError.VersionMismatch
            : payload.Udx is null ? HandshakeError.Aborted
            : HandshakeError.None;
        handshake.StreamId = error == HandshakeError.None ? _nextStreamId() : 0;
        handshake.Offer = RelayRoute.Offer(_relayThrough, _entropy);
        NoisePayload answer = new()
        {
            Error = error,
            Firewall = own.IsOpen ? FirewallState.Open : FirewallState.Unknown,
            Holepunch = own.IsOpen ? null : new HolepunchInfo((ulong)handshake.Slot, _relays),
            Addresses4 = own.Offered(_options.SharesLocalAddresses),
            Udx = new UdxInfo(handshake.StreamId, ReusableSocket: ReusesSocket),
            SecretStream = 1,
            RelayThrough = handshake.Offer,
            RelayAddresses = _relayAddresses.Count > 0 ? _relayAddresses : null,
        };
        if (!noise.TrySend(answer.Encode(), out byte[] message))
            return;
        handshake.Reply = message;
        if (error != HandshakeError.None)
            return;
        handshake.Noise = noise.Result;
        handshake.Payload = payload;
    }

    private void Answer(ServerHandshake handshake, ReceivedRequest request, PeerRoute.Accept accept, byte[] noise)
    {
        if (accept.AnswerTo is { } relay)
        {
            HandshakeMessage onward = new(PeerRoutingMode.FromServer, noise, accept.PeerAddress);
            LocalSocket? socket = handshake.IsAnsweredFromPuncher ? _holepunches.SocketOf(handshake) : null;
            _effects.Enqueue(new ServerHandshakeEffect.Relay(request, onward.Encode(), relay, socket));
            return;
        }

        _effects.Enqueue(new ServerHandshakeEffect.Answer(request, new DhtAnswer
        {
            Value = new HandshakeMessage(PeerRoutingMode.Reply, noise).Encode(),
            IncludesToken = false,
            IncludesCloserNodes = false,
        }));
    }

    private void Open(ServerHandshake handshake, ReceivedRequest request, PeerRoute.Accept accept, NodeReachability own, TimeSpan now)
    {
        NoisePayload payload = handshake.Payload!;
        StreamPath? path = accept.IsDirect ? new StreamPath(request.Socket, accept.ClientAddress)
            : payload.Firewall == FirewallState.Open ? new StreamPath(own.RequestSocket, accept.ClientAddress)
            : null;
        bool isNear = path is null && _options.SharesLocalAddresses && accept.ClientAddress.Host == request.To.Host;
        bool isLocal = isNear && SharesNetwork(payload, own);
        bool punches = path is null && _options.PunchesHoles && !own.IsOpen;
        if (punches && !_holepunches.TryMakeRoom(now))
        {
            handshake.Reply = null;
            _tooMany++;
            return;
        }

        // Copies that are still on their way get the same answer for a while.
        handshake.Deadline = now + _options.ClearAfter + (path is null ? _options.PathTimeout : TimeSpan.Zero);
        RelayRoute? relay = path is null ? RelayRoute.Of(payload.RelayThrough, handshake.Offer, isServer: true) : null;
        EstablishedConnection connection = new(handshake.Noise!, handshake.StreamId, payload.Udx!.Id, path, payload)
        {
            Via = request.From,
            Kind = isLocal ? ConnectionPath.Lan : punches ? ConnectionPath.Punched : ConnectionPath.Direct,
            PathTimeout = punches || relay is not null ? _options.PunchTimeout : _options.PathTimeout,
        };
        _effects.Enqueue(new ServerHandshakeEffect.Connected(connection));
        if (relay is not null)
            _effects.Enqueue(new ServerHandshakeEffect.RelayThrough(handshake.StreamId, relay));
        if (!punches)
            return;
        _holepunches.Begin(handshake, isNear, own, now);
        handshake.IsAnsweredFromPuncher = !isLocal;
    }

    // The client will try our local address: it must be told the socket that listens there.
    private static bool SharesNetwork(NoisePayload payload, NodeReachability own)
        => AddressRanges.BestMatch(own.LocalAddresses, [.. payload.Addresses4.Where(AddressRanges.IsPrivate)]) is not null;

    private void Forget(ServerHandshake handshake)
    {
        _handshakes.Remove(handshake.Key);
        _freeSlots.Add(handshake.Slot);
    }

    private int TakeSlot()
    {
        if (_freeSlots.Count == 0)
            return _slots++;
        int slot = _freeSlots.Min;
        _freeSlots.Remove(slot);
        return slot;
    }
}
