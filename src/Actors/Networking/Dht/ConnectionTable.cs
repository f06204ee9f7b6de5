using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The connections of a node, from the choice of their stream ids on.</summary>
internal sealed class ConnectionTable(PeerRuntime runtime, HyperDhtOptions options, SocketRoutes routes)
{
    private readonly Dictionary<uint, ConnectionEntry> _byStream = [];
    private readonly Dictionary<IActorRef, ConnectionEntry> _byActor = [];
    private readonly IEntropy _entropy = runtime.For("streams").Entropy;
    private long _started;
    private long _surveys;
    private RawStreamTable? _rawStreams;

    /// <summary>The node's sockets, once they are bound.</summary>
    public DhtNodeProtocol.NodeBound? Sockets { get; set; }

    /// <summary>How the connections have sought their ways.</summary>
    public WayCounts Ways { get; set; } = WayCounts.None;

    private bool IsFull => _byStream.Count >= options.MaxConnections;

    /// <summary>A random stream id that no connection and no raw stream of the node has.</summary>
    public uint NextStreamId()
    {
        uint id;
        do
            id = _entropy.NextUInt32();
        while (IsTaken(id));
        return id;
    }

    /// <summary>Makes the actor that gets the packets of a stream; false when the id is taken or there are too many.</summary>
    public bool TryBegin(IActorContext context, uint streamId, ConnectionOwner owner)
    {
        if (IsTaken(streamId) || (IsFull && !TryMakeRoom(context)))
            return false;
        string name = "connection-" + ++_started;
        IActorRef actor = context.ActorOf(ConnectionActor.Props(runtime.For(name), streamId, context.Self, owner.Adapt(options.Connections)), name);
        ConnectionEntry entry = new(actor, streamId, owner) { BegunAt = runtime.Clock.Now };
        _byStream[streamId] = entry;
        _byActor[context.Watch(actor)] = entry;
        foreach (ConnectionProtocol.ICommand command in owner.Preamble)
            actor.Tell(command);
        Sockets!.AddStream(streamId, actor);
        return true;
    }

    // Whoever has not proven itself since its handshake gives way: the eldest of those whose handshakes came from the busiest sender, so that
    // one who floods displaces its own.
    private bool TryMakeRoom(IActorContext context)
    {
        ConnectionEntry? halfOpen = _byStream.Values
            .Where(entry => entry.Owner.DialTag is null && entry.Summary is null && !entry.IsSilent)
            .GroupBy(entry => entry.Owner.Via)
            .MaxBy(sender => sender.Count())?
            .MinBy(entry => entry.BegunAt);
        if (halfOpen is null)
            return false;
        halfOpen.IsSilent = true;
        context.Stop(halfOpen.Actor);
        return true;
    }

    /// <summary>Begins a stream beside a connection.</summary>
    public void CreateRawStream(IActorContext context, HyperDhtProtocol.CreateRawStream order, IActorRef asker, bool isSuspended)
    {
        RawStreamTable streams = _rawStreams ??= new RawStreamTable(runtime, options.RawStreams);
        bool isKnown = !isSuspended && _byActor.ContainsKey(order.Connection);
        if (!isKnown || streams.IsFull)
        {
            asker.Tell(new HyperDhtProtocol.RawStreamRefused(order.Tag, isKnown ? RawStreamRefusal.TooMany : RawStreamRefusal.NoConnection));
            return;
        }

        uint id = NextStreamId();
        asker.Tell(new HyperDhtProtocol.RawStreamCreated(order.Tag, streams.Begin(context, id, order, Sockets!), id));
    }

    /// <summary>Starts to collect what <see cref="HyperDhtProtocol.GetConnections"/> asks for.</summary>
    public void Survey(IActorContext context, IActorRef asker)
        => context.ActorOf(
            ConnectionSurveyActor.Props(
                [.. _byActor.Values.Where(entry => entry.Summary is not null).Select(entry => (entry.Actor, entry.SummaryAt(runtime.Clock.Now)))],
                runtime.Clock, asker),
            "survey-" + ++_surveys);

    public IActorRef? Find(uint streamId) => _byStream.TryGetValue(streamId, out ConnectionEntry? entry) ? entry.Actor : null;

    /// <summary>A holepunch has a socket more for its connection.</summary>
    public void AddSocket(DhtNodeProtocol.SocketOpened opened)
    {
        if (_byStream.TryGetValue(opened.StreamId, out ConnectionEntry? entry))
            entry.PunchSockets[opened.Socket] = opened.Datagrams;
    }

    /// <summary>The remote's first packet has shown the way: other sockets are not needed any more.</summary>
    public void HandleReached(
        IActorContext context, ConnectionProtocol.Reached reached, IActorRef connection, IActorRef node, PunchOrders punches, RelayedStreams relayed)
    {
        if (!_byActor.TryGetValue(connection, out ConnectionEntry? entry))
            return;
        LocalSocket socket = entry.SocketOf(reached.Datagrams) ?? (reached.Datagrams.Equals(Sockets!.ClientSocket) ? LocalSocket.Client : LocalSocket.Server);
        if (entry.SocketOf(reached.Datagrams) is not null)
            entry.Path = punches.IsSearching(entry.StreamId) ? ConnectionPath.Birthday : ConnectionPath.Punched;
        else if (entry.Path != ConnectionPath.Lan)
            entry.Path = ConnectionPath.Direct;
        node.Tell(new DhtNodeProtocol.KeepSocket(connection, reached.Datagrams));
        entry.Note(entry.Path, reached.RemoteAddress);
        entry.HasWay = true;
        NoteRoute(context, entry, new StreamPath(socket, reached.RemoteAddress), reached.Datagrams);
        EndGivenUp(entry);
        entry.Owner.Listener?.Tell(new ListenerProtocol.StreamArrived(entry.StreamId, socket));
        relayed.HandleReached(entry.StreamId, new DhtNodeProtocol.ProbeReceived(socket, reached.RemoteAddress));
    }

    /// <summary>The handshake is done. A dial whose path is known counts as connected; others when the remote has shown itself.</summary>
    public void Establish(IActorContext context, EstablishedConnection connection)
    {
        if (!_byStream.TryGetValue(connection.LocalStreamId, out ConnectionEntry? entry))
            return;
        entry.Session = connection.Noise;
        entry.HasWay |= connection.Path is not null;
        entry.Note(connection.Kind, connection.Path?.Remote);
        Record(connection);
        entry.ReusesSocket = entry.Owner.ReusesSocket && connection.RemotePayload.Udx is { ReusableSocket: true };
        IActorRef port = (connection.Path is { } way ? PortOf(entry, way.Socket) : null) ?? Sockets!.ServerSocket;
        if (connection.Path is { } known)
            NoteRoute(context, entry, known, port);
        entry.Actor.Tell(new ConnectionProtocol.Establish(
            connection.Noise, connection.RemoteStreamId, connection.Path?.Remote, port)
        {
            PathTimeout = connection.PathTimeout,
            SpeaksAtOnce = entry.Owner.SpeaksAtOnce,
        });
        EndGivenUp(entry);
        if (entry is { IsSilent: false, IsTold: false, Owner.DialTag: { } tag } && connection.Path is { } path)
            Tell(entry, new HyperDhtProtocol.Connected(tag, entry.Actor, connection.Noise, path.Remote) { Path = entry.Path });
    }

    /// <summary>No way was found: the connection goes without a word of its own.</summary>
    public void Abandon(IActorContext context, uint streamId, string code)
    {
        if (!_byStream.TryGetValue(streamId, out ConnectionEntry? entry) || (entry.IsTold && entry.Owner.DialTag is null))
            return;
        if (entry.Owner.DialTag is { } tag && !entry.IsSilent)
            Tell(entry, new HyperDhtProtocol.ConnectFailed(tag, entry.Owner.Key, code));
        entry.IsSilent = true;
        context.Stop(entry.Actor);
    }

    /// <summary>
    /// The one who dialled has given up and hears no more. The dial goes on, since a server may count it as open from the handshake on and
    /// must hear that it is over.
    /// </summary>
    public void Cancel(IActorRef consumer, long tag)
    {
        ConnectionEntry? entry = _byStream.Values.FirstOrDefault(entry => entry.Owner.DialTag == tag && entry.Owner.Consumer.Equals(consumer));
        if (entry is null)
            return;
        entry.IsSilent = true;
        EndGivenUp(entry);
    }

    /// <summary>No connection and no raw stream is left.</summary>
    public bool IsEmpty => _byActor.Count == 0 && _rawStreams is not { IsEmpty: false };

    /// <summary>Ends all connections and raw streams, and the dials and handshakes that have no connection yet.</summary>
    public void EndAll(IActorContext context, string code)
    {
        _rawStreams?.EndAll();
        foreach (ConnectionEntry entry in _byStream.Values)
        {
            if (entry is { IsTold: true, IsSilent: false })
                entry.Actor.Tell(ConnectionProtocol.Destroy.Instance);
            else
                Abandon(context, entry.StreamId, code);
        }
    }

    public void Handle(ConnectionProtocol.IEvent fact, IActorRef connection)
    {
        if (!_byActor.TryGetValue(connection, out ConnectionEntry? entry))
            return;
        bool hasFailed = fact is ConnectionProtocol.Closed { Reason: not (ConnectionCloseReason.Ended or ConnectionCloseReason.Destroyed) };
        if (hasFailed && entry.RoutePort is { } port)
            routes.HandleFailure(entry.Session!.RemotePublicKey, port);
        if (entry.IsSilent)
            return;
        if (fact is ConnectionProtocol.Opened proven)
        {
            entry.Summary = new(proven.RemotePublicKey, proven.RemoteAddress, proven.IsInitiator, entry.Path, runtime.Clock.Now - entry.BegunAt);
            Ways = Ways.WithConnection(entry.Path);
        }

        if (fact is ConnectionProtocol.Opened opened && !entry.IsTold)
            TellOpened(entry, opened);
        else if (fact is ConnectionProtocol.Closed && !entry.IsTold)
            TellNeverOpened(entry);
        if (entry.IsTold)
            entry.Owner.Consumer.Tell(fact, connection);
    }

    /// <summary>False when the actor was no connection and no raw stream.</summary>
    public bool Remove(IActorRef actor, PunchOrders punches)
    {
        if (!_byActor.Remove(actor, out ConnectionEntry? entry))
            return _rawStreams?.Remove(actor) == true;
        punches.Release(entry.StreamId);
        _byStream.Remove(entry.StreamId);
        return true;
    }

    /// <summary>Lets a connection use the socket of a route; false when that is gone.</summary>
    public bool TryShare(uint streamId, LocalSocket socket)
        => _byStream.TryGetValue(streamId, out ConnectionEntry? entry) && PortOf(entry, socket) is not null;

    /// <summary>The way of an earlier connection led nowhere for this one, which takes what may still come in there.</summary>
    public void LeaveRoute(uint streamId, LocalSocket socket)
    {
        if (_byStream.TryGetValue(streamId, out ConnectionEntry? entry) && entry.Find(socket) is not null)
            routes.Leave(socket, entry.Actor);
    }

    private bool IsTaken(uint streamId) => _byStream.ContainsKey(streamId) || _rawStreams?.Contains(streamId) == true;

    private IActorRef? PortOf(ConnectionEntry entry, LocalSocket socket)
    {
        if (socket == LocalSocket.Server || socket == LocalSocket.Client)
            return socket == LocalSocket.Client ? Sockets!.ClientSocket ?? Sockets.ServerSocket : Sockets!.ServerSocket;
        if (entry.Find(socket) is { } own)
            return own;
        if (routes.TryShare(socket, entry.StreamId, entry.Actor, out IActorRef? port))
            entry.PunchSockets[socket] = port;
        return port;
    }

    private void NoteRoute(IActorContext context, ConnectionEntry entry, StreamPath way, IActorRef port)
    {
        if (!entry.ReusesSocket || entry.Session is not { } session)
            return;
        entry.RoutePort = port;
        routes.Add(context, session.RemotePublicKey, way, port);
    }

    // A reset needs a way: where the server makes it, its first packet shows it.
    private static void EndGivenUp(ConnectionEntry entry)
    {
        if (entry is { IsSilent: true, HasWay: true })
            entry.Actor.Tell(ConnectionProtocol.Destroy.Instance);
    }

    private void Record(EstablishedConnection connection)
        => runtime.Events.Record(new EventEntry(EventKind.ConnectionHandshake)
        {
            To = connection.Path?.Remote,
            Text = connection.Noise.IsInitiator ? "dialled" : "admitted",
            Correlations =
            [
                new Correlation("conn", Convert.ToHexStringLower(connection.Noise.HandshakeHash.AsSpan(0, 8))),
                new Correlation("key", connection.Noise.RemotePublicKey.ToHex()),
            ],
        });

    private static void TellOpened(ConnectionEntry entry, ConnectionProtocol.Opened opened)
        => Tell(entry, entry.Owner.DialTag is { } tag
            ? new HyperDhtProtocol.Connected(tag, entry.Actor, entry.Session!, opened.RemoteAddress) { Path = entry.Path }
            : new HyperDhtProtocol.Accepted(entry.Owner.Key, entry.Actor, entry.Session!, opened.RemoteAddress) { Path = entry.Path });

    private static void TellNeverOpened(ConnectionEntry entry)
    {
        if (entry.Owner.DialTag is { } tag)
            entry.Owner.Consumer.Tell(new HyperDhtProtocol.ConnectFailed(tag, entry.Owner.Key, ConnectFailureCodes.TimedOut));
        entry.IsSilent = true;
    }

    private static void Tell(ConnectionEntry entry, HyperDhtProtocol.IEvent fact)
    {
        entry.IsTold = true;
        entry.Owner.Consumer.Tell(fact);
    }
}
