using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;

namespace Hyper.Actors.Networking.Connections;

/// <summary>One connection to a remote peer: datagrams below, channels above.</summary>
/// <remarks>The creator adds the stream id to its <see cref="DatagramActor"/>s and tells <see cref="ConnectionProtocol.Establish"/>.</remarks>
public sealed class ConnectionActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly IActorRef _owner;
    private readonly ConnectionMachine _machine;
    private readonly ConnectionEvents _events;
    private readonly ConnectionChannels _channels;
    private readonly DeadlineTimer _timer;
    private readonly ConnectionWay _way;
    private bool _readsOn;

    public ConnectionActor(PeerRuntime runtime, uint localStreamId, IActorRef owner, ConnectionOptions options)
    {
        _runtime = runtime;
        _owner = owner;
        _events = new ConnectionEvents(runtime.Events);
        _machine = new ConnectionMachine(options, localStreamId, runtime.Entropy, runtime.Clock.Now);
        _channels = new ConnectionChannels(_machine.Mux);
        _way = new ConnectionWay(_machine, runtime.Clock, owner);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    /// <param name="runtime">Clock, randomness and recorder of this connection alone (<see cref="PeerRuntime.For"/>).</param>
    /// <param name="localStreamId">The id by which packets name this connection.</param>
    /// <param name="owner">Is told when the connection opens and closes.</param>
    /// <param name="options">Limits and timing; the defaults when null.</param>
    public static Props Props(PeerRuntime runtime, uint localStreamId, IActorRef owner, ConnectionOptions? options = null)
        => ActorProps.Of(() => new ConnectionActor(runtime, localStreamId, owner, options ?? new ConnectionOptions())).WithDispatcher(runtime.ConnectionDispatcher);

    protected override void PreStart() => _timer.Follow(_machine.NextDeadline);

    protected override void PostStop()
    {
        _timer.Cancel();
        _machine.Destroy(ConnectionCloseReason.Destroyed, null, _runtime.Clock.Now);
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
                _machine.HandleTimeout(_runtime.Clock.Now);
                break;
            case ConnectionProtocol.ICommand command:
                Handle(command);
                break;
            case ReadOn:
                _readsOn = false;
                _machine.Mux.ReadOn();
                break;
            case ConnectionProtocol.GetTraffic:
                Sender.Tell(ConnectionProtocol.Traffic.Of(_machine.Udx));
                return;
            case ConnectionProtocol.GetWay when _machine.Udx.IsConnected:
                Sender.Tell(new ConnectionProtocol.Way(_way.Paths[^1], _way.Datagrams));
                return;
            case ConnectionProtocol.FollowWay:
                _way.Follow(Context.Watch(Sender));
                return;
            case Terminated terminated:
                _way.Forget(terminated.ActorRef);
                _channels.CloseAllOf(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                return;
        }

        Settle();
        if (_machine.IsClosed)
            Context.Stop(Self);
        else
            Continue();
    }

    // Whoever gets the messages of a piece can work on them while the next is read.
    private void Continue()
    {
        _timer.Follow(_machine.NextDeadline);
        if (!_machine.Mux.HasUnread || _readsOn)
            return;
        _readsOn = true;
        Self.Tell(ReadOn.Instance);
    }

    private void Handle(ConnectionProtocol.ICommand command)
    {
        switch (command)
        {
            case ConnectionProtocol.Establish establish:
                _way.Establish(establish);
                break;
            case ConnectionProtocol.Move move when _machine.Udx is { IsConnected: true, IsClosed: false }:
                _way.Move(move);
                break;
            case ConnectionProtocol.UseRelay relay:
                _way.UseRelay(relay, Sender);
                break;
            case ConnectionProtocol.OpenChannel open:
                Context.Watch(open.Key.Owner);
                if (!_channels.TryOpen(open.Key, open.Request))
                    open.Key.Owner.Tell(new ConnectionProtocol.ChannelClosed(open.Key, IsRemote: false, IsRejected: true));
                else if (_machine.Output.IsPaused)
                    _channels.TellPaused(open.Key);
                break;
            case ConnectionProtocol.SendMessages send:
                _channels.Send(send.Key, send.Messages);
                _machine.Output.HasSpoken = true;
                break;
            case ConnectionProtocol.CloseChannel close:
                _channels.Close(close.Key);
                break;
            case ConnectionProtocol.ListenChannel listen:
                Context.Watch(listen.Owner);
                _channels.Listen(listen.Protocol, listen.Id, listen.Owner);
                break;
            case ConnectionProtocol.DeclineChannel decline:
                _machine.Mux.Decline(decline.Protocol, decline.Id);
                break;
            default:
                _machine.Obey(command, _runtime.Clock.Now);
                break;
        }
    }

    private void Receive(DatagramProtocol.Received received)
    {
        TimeSpan now = _runtime.Clock.Now;
        _way.Meet(Sender, received.Port);
        foreach (Datagram datagram in received.Batch.Read())
        {
            _way.Note(datagram.From, Sender);
            _machine.HandleDatagram(datagram.Bytes, now);
        }
    }

    private void Settle()
    {
        _machine.Settle(_runtime.Clock.Now);
        while (_machine.TryTake(out ConnectionEffect effect))
            Perform(effect);
    }

    private void Perform(ConnectionEffect effect)
    {
        switch (effect)
        {
            case ConnectionEffect.Transmit transmit:
                _way.Send(transmit.Packets);
                break;
            case ConnectionEffect.Opened:
                _events.Record(EventKind.ConnectionOpen, _way.Established, _way.Paths, "open");
                _owner.Tell(new ConnectionProtocol.Opened(
                    _way.Established!.Session.RemotePublicKey, _way.Paths[^1], _way.Established.Session.IsInitiator));
                break;
            case ConnectionEffect.Moved:
                _way.TellMoved();
                break;
            case ConnectionEffect.Closed closed:
                _events.Record(EventKind.ConnectionClose, _way.Established, _way.Paths, closed.Reason.InWords(closed.Detail));
                _owner.Tell(new ConnectionProtocol.Closed(closed.Reason, closed.Detail));
                break;
            default:
                _channels.Deliver(effect);
                break;
        }
    }

    private sealed record ReadOn
    {
        public static ReadOn Instance { get; } = new();
    }
}
