using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>The holepunches of one server, found by their handshake's slot, their sockets, their requests and their streams.</summary>
internal sealed class ServerHolepunches(ServerHandshakeOptions options, IEntropy entropy, Queue<ServerHandshakeEffect> effects)
{
    private readonly Dictionary<int, Holepunch> _bySlot = [];
    private readonly Dictionary<LocalSocket, Holepunch> _bySocket = [];
    private readonly Dictionary<PunchTicket, Holepunch> _byTicket = [];
    private readonly HashSet<PeerAddress> _relays = [];
    private readonly Queue<PeerAddress[]> _relayCycles = new();
    private readonly List<(uint StreamId, TimeSpan Until)> _lastChances = [];
    private int _lastTicket;

    /// <summary>Announcements before the current one whose relays still count as the server's.</summary>
    private const int RelayCycles = 3;

    /// <summary>Rounds of nobody's handshake, rounds with a wrong seal, rounds that were too many.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Half-open handshakes that gave way to others.</summary>
    public long DisplacedCount { get; private set; }

    public TimeSpan? NextDeadline
        => _bySlot.Values.Select(holepunch => holepunch.Responder.NextDeadline).Concat(_lastChances.Select(chance => (TimeSpan?)chance.Until)).Min();

    public void HandleAnnounced(IEnumerable<PeerAddress> relays)
    {
        _relayCycles.Enqueue([.. relays]);
        if (_relayCycles.Count > RelayCycles)
            _relayCycles.Dequeue();
        _relays.Clear();
        _relays.UnionWith(_relayCycles.SelectMany(cycle => cycle));
    }

    /// <summary>
    /// False when all places are taken by clients that punch. Otherwise whoever has said nothing since its handshake gives way, of the busiest
    /// host first: half-open handshakes do not keep others out.
    /// </summary>
    public bool TryMakeRoom(TimeSpan now)
    {
        if (_bySlot.Count < options.MaxHolepunches)
            return true;
        Dictionary<uint, int> busy = _bySlot.Values.CountBy(holepunch => holepunch.Handshake.Client.Host).ToDictionary();
        Holepunch? idle = _bySlot.Values.Where(holepunch => holepunch.Responder.IsIdle)
            .OrderByDescending(holepunch => busy[holepunch.Handshake.Client.Host]).ThenBy(holepunch => holepunch.BegunAt).FirstOrDefault();
        if (idle is null)
            return false;
        DisplacedCount++;
        idle.Responder.Close();
        Settle(idle, now);
        return true;
    }

    /// <param name="handshake">Of the client that holes are punched for.</param>
    /// <param name="isNear">
    /// Others see the client at our own address: it tries our local addresses, whatever its own are, and may come with or without a hole.
    /// </param>
    /// <param name="own">How this node can be reached.</param>
    /// <param name="now">The time.</param>
    public void Begin(ServerHandshake handshake, bool isNear, NodeReachability own, TimeSpan now)
    {
        Queue<PunchEffect> orders = new();
        Puncher puncher = new(
            options.Holepunch, own.Vantage, isInitiator: false, handshake.Payload!.Firewall, () => new PunchTicket(++_lastTicket), entropy, orders);
        HolepunchSession session = new(handshake.Noise!.HandshakeHash, entropy);
        HolepunchResponder responder = new(options.Holepunch, options.HolepunchVeto, session, puncher, now + options.Holepunch.FirstPunchTimeout)
        {
            IsPatient = handshake.Offer is not null || handshake.Payload.RelayThrough is not null,
        };
        Holepunch holepunch = new(handshake, responder, orders, own.RequestSocket)
        {
            BegunAt = now,
            LocalUntil = isNear ? now + options.PathTimeout : now,
        };
        _bySlot[handshake.Slot] = holepunch;
        handshake.Deadline = TimeSpan.MaxValue;
        Settle(holepunch, now);
    }

    /// <summary>The socket that copies of the handshake are answered from; absent when no holepunch is under way.</summary>
    public LocalSocket? SocketOf(ServerHandshake handshake)
        => _bySlot.TryGetValue(handshake.Slot, out Holepunch? holepunch) ? holepunch.Responder.Socket : null;

    public void HandleRound(ReceivedRequest request, HolepunchMessage message, TimeSpan now)
    {
        if (message.PeerAddress is not { } client || message.Id > int.MaxValue || !_bySlot.TryGetValue((int)message.Id, out Holepunch? holepunch))
        {
            DroppedCount++;
            return;
        }

        long dropped = holepunch.Responder.DroppedCount;
        holepunch.Responder.HandleRound(request, client, message.Payload.Span, _relays.Contains(request.From), now);
        DroppedCount += holepunch.Responder.DroppedCount - dropped;
        Settle(holepunch, now);
    }

    public void HandleReply(PunchTicket ticket, ReceivedReply reply, TimeSpan now)
    {
        if (!_byTicket.Remove(ticket, out Holepunch? holepunch))
            return;
        holepunch.Responder.HandleReply(ticket, reply, now);
        Settle(holepunch, now);
    }

    public void HandleFailure(PunchTicket ticket, TimeSpan now)
    {
        if (!_byTicket.Remove(ticket, out Holepunch? holepunch))
            return;
        holepunch.Responder.HandleFailure(ticket, now);
        Settle(holepunch, now);
    }

    public void HandleProbe(LocalSocket socket, PeerAddress from, TimeSpan now)
    {
        if (!_bySocket.TryGetValue(socket, out Holepunch? holepunch))
            return;
        holepunch.Responder.HandleProbe(socket, from);
        Settle(holepunch, now);
    }

    public void HandlePermit(uint streamId, bool isGranted, TimeSpan now)
    {
        if (Find(streamId) is not { } holepunch)
            return;
        holepunch.Responder.HandlePermit(isGranted, now);
        Settle(holepunch, now);
    }

    /// <summary>The client's stream has arrived.</summary>
    public void HandleArrived(uint streamId, LocalSocket socket, TimeSpan now)
    {
        _lastChances.RemoveAll(chance => chance.StreamId == streamId);
        if (Find(streamId) is not { } holepunch)
            return;
        holepunch.HasArrived = true;
        holepunch.Responder.Close(socket);
        Settle(holepunch, now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (Holepunch holepunch in _bySlot.Values.Where(holepunch => holepunch.Responder.NextDeadline <= now).ToArray())
        {
            holepunch.Responder.HandleTimeout(now);
            Settle(holepunch, now);
        }

        foreach ((uint streamId, TimeSpan until) in _lastChances.Where(chance => now >= chance.Until))
            effects.Enqueue(new ServerHandshakeEffect.Abandoned(streamId));
        _lastChances.RemoveAll(chance => now >= chance.Until);
    }

    /// <summary>Gives all holepunches up.</summary>
    public void Clear(TimeSpan now)
    {
        foreach (Holepunch holepunch in _bySlot.Values.ToArray())
        {
            holepunch.Responder.Close();
            Settle(holepunch, now);
        }

        _lastChances.Clear();
    }

    private Holepunch? Find(uint streamId) => _bySlot.Values.FirstOrDefault(holepunch => holepunch.Handshake.StreamId == streamId);

    private void Settle(Holepunch holepunch, TimeSpan now)
    {
        while (holepunch.Responder.TryTakeAnswer(out HolepunchAnswer? answer))
        {
            HolepunchMessage message = new(PeerRoutingMode.FromServer, 0, answer.Payload, answer.Client);
            effects.Enqueue(new ServerHandshakeEffect.Relay(
                answer.Request, message.Encode(), answer.Request.From, answer.Socket ?? holepunch.RequestSocket));
        }

        while (holepunch.Orders.TryDequeue(out PunchEffect? order))
        {
            Note(holepunch, order);
            effects.Enqueue(new ServerHandshakeEffect.Punch(holepunch.Handshake.StreamId, order));
        }

        if (holepunch.Responder.IsOver && _bySlot.Remove(holepunch.Handshake.Slot))
            Forget(holepunch, now);
    }

    private void Forget(Holepunch holepunch, TimeSpan now)
    {
        foreach (PunchTicket ticket in _byTicket.Where(entry => entry.Value == holepunch).Select(entry => entry.Key).ToArray())
            _byTicket.Remove(ticket);
        foreach (LocalSocket socket in _bySocket.Where(entry => entry.Value == holepunch).Select(entry => entry.Key).ToArray())
            _bySocket.Remove(socket);
        holepunch.Handshake.Deadline = now + options.ClearAfter;
        if (holepunch.HasArrived)
            return;
        if (now < holepunch.LocalUntil)
            _lastChances.Add((holepunch.Handshake.StreamId, holepunch.LocalUntil));
        else
            effects.Enqueue(new ServerHandshakeEffect.Abandoned(holepunch.Handshake.StreamId));
    }

    private void Note(Holepunch holepunch, PunchEffect order)
    {
        switch (order)
        {
            case PunchEffect.OpenSocket open:
                _bySocket[open.Socket] = holepunch;
                break;
            case PunchEffect.CloseSocket close:
                _bySocket.Remove(close.Socket);
                break;
            case PunchEffect.Send send:
                _byTicket[send.Ticket] = holepunch;
                break;
        }
    }

    private sealed class Holepunch(ServerHandshake handshake, HolepunchResponder responder, Queue<PunchEffect> orders, LocalSocket requestSocket)
    {
        public ServerHandshake Handshake { get; } = handshake;

        public HolepunchResponder Responder { get; } = responder;

        public Queue<PunchEffect> Orders { get; } = orders;

        public LocalSocket RequestSocket { get; } = requestSocket;

        public bool HasArrived { get; set; }

        public TimeSpan BegunAt { get; init; }

        /// <summary>Until then the client may come inside a shared network.</summary>
        public TimeSpan LocalUntil { get; init; }
    }
}
