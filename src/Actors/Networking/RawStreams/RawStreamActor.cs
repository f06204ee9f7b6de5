using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>A plain stream to the remote node of an encrypted connection, beside that: datagrams below, bytes above.</summary>
/// <remarks>It outlives the connection once it is connected. Its parent, the node, has the stream's packets sent to it.</remarks>
internal sealed class RawStreamActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly IActorRef _connection;
    private readonly IActorRef _owner;
    private readonly RawStreamMachine _machine;
    private readonly RawStreamUsers _users;
    private readonly RawStreamEvents _events;
    private readonly DeadlineTimer _timer;
    private readonly StreamPort _port = new();
    private ImmutableArray<PeerAddress> _paths = [];
    private bool _isOpen;

    public RawStreamActor(PeerRuntime runtime, uint localId, IActorRef connection, IActorRef owner, RawStreamOptions options)
    {
        (_runtime, _connection, _owner) = (runtime, connection, owner);
        _machine = new RawStreamMachine(options, localId);
        _users = new RawStreamUsers(_machine, owner);
        _events = new RawStreamEvents(runtime.Events);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    /// <param name="runtime">Clock and recorder.</param>
    /// <param name="localId">The id by which packets name the stream.</param>
    /// <param name="connection">Whose way the stream goes.</param>
    /// <param name="owner">Hears when the stream is connected and when it is over, which it is at the latest when the owner stops.</param>
    /// <param name="options">Limits.</param>
    public static Props Props(PeerRuntime runtime, uint localId, IActorRef connection, IActorRef owner, RawStreamOptions options)
        => ActorProps.Of(() => new RawStreamActor(runtime, localId, connection, owner, options)).WithDispatcher(runtime.ConnectionDispatcher);

    private TimeSpan Now => _runtime.Clock.Now;

    protected override void PreStart()
    {
        if (!_owner.IsNobody())
            Context.Watch(_owner);
        Context.Watch(_connection).Tell(new ConnectionProtocol.FollowWay());
    }

    protected override void PostStop()
    {
        _timer.Cancel();
        _machine.Destroy(null, Now);
        Settle();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DatagramProtocol.Received received:
                Receive(received);
                Settle();
                received.Batch.Dispose();
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(Now);
                break;
            case RawStreamProtocol.ICommand command:
                Handle(command);
                break;
            case ConnectionProtocol.Way way:
                Take(way);
                break;
            case RawStreamProtocol.GetTraffic:
                Sender.Tell(new RawStreamProtocol.Traffic(
                    ConnectionProtocol.Traffic.Of(_machine.Udx), _machine.Udx.QueuedBytes, _machine.UnreadBytes, _machine.DroppedMessages));
                return;
            case Terminated { ActorRef: var stopped }:
                HandleStopped(stopped);
                break;
            default:
                Unhandled(message);
                return;
        }

        Settle();
        _timer.Follow(_machine.NextDeadline);
        if (_machine.IsClosed)
            Context.Stop(Self);
    }

    private void Receive(DatagramProtocol.Received received)
    {
        _port.Meet(Sender, received.Port);
        foreach (Datagram datagram in received.Batch.Read())
            _machine.HandleDatagram(datagram.Bytes, Now);
    }

    private void Handle(RawStreamProtocol.ICommand command)
    {
        switch (command)
        {
            case RawStreamProtocol.Connect connect:
                _machine.Connect(connect.RemoteId, Now);
                break;
            case RawStreamProtocol.Write write:
                _users.Write(write, Sender, Now);
                break;
            case RawStreamProtocol.Read:
                _users.Read(Sender);
                break;
            case RawStreamProtocol.Send send:
                _machine.Send(send.Message, Now);
                break;
            case RawStreamProtocol.ReadMessage:
                _users.ReadMessage(Sender);
                break;
            case RawStreamProtocol.End:
                _machine.End(Now);
                break;
            case RawStreamProtocol.Destroy:
                _machine.Destroy(null, Now);
                break;
            case RawStreamProtocol.AwaitEnd:
                _users.AwaitEnd(Sender);
                break;
        }
    }

    private void Take(ConnectionProtocol.Way way)
    {
        if (!way.Datagrams.Equals(_port.Datagrams))
        {
            if (!_port.Datagrams.IsNobody())
                Context.Unwatch(_port.Datagrams);
            Context.Watch(way.Datagrams).Tell(new DatagramProtocol.AddStream(_machine.Udx.LocalId, Self));
            Context.Parent.Tell(new DhtNodeProtocol.KeepSocket(Self, way.Datagrams));
        }

        _port.Use(way.Datagrams);
        _paths = _paths.Add(way.RemoteAddress);
        _machine.HandleWay(Now);
    }

    private void HandleStopped(IActorRef stopped)
    {
        if (stopped.Equals(_owner))
            _machine.Destroy(null, Now);
        else if (stopped.Equals(_port.Datagrams))
            _machine.Destroy("the socket has been closed", Now);
        else if (stopped.Equals(_connection) && !_machine.Udx.IsConnected)
            _machine.Destroy("the connection has ended before the stream was connected", Now);
    }

    private void Settle()
    {
        do
        {
            while (_machine.TryTake(out RawStreamEffect? effect))
                Perform(effect);
        }
        while (_users.Serve(Now));
        if (!_isOpen && _machine.Udx.IsConnected)
            NoteOpen();
    }

    private void NoteOpen()
    {
        _isOpen = true;
        _events.Record(EventKind.StreamOpen, _machine.Udx, _paths, "open");
        _owner.Tell(new RawStreamProtocol.Connected(_paths[^1]));
    }

    private void Perform(RawStreamEffect effect)
    {
        switch (effect)
        {
            case RawStreamEffect.Transmit transmit:
                _port.Send(transmit.Packets, _paths);
                break;
            case RawStreamEffect.WritingResumed:
                _users.ResumeWriters();
                break;
            case RawStreamEffect.Closed closed:
                _events.Record(EventKind.StreamClose, _machine.Udx, _paths, closed.Reason.InWords(closed.Detail));
                _users.TellClosed(new RawStreamProtocol.Closed(closed.Reason, closed.Detail));
                break;
        }
    }
}
