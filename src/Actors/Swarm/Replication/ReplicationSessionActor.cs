using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.Protomux;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>One core on one connection: carries messages between the channel and the replication machine.</summary>
internal sealed class ReplicationSessionActor : UntypedActor
{
    private const int MessageTypes = 10;

    private readonly IClock _clock;
    private readonly ReplicationProtocol.AddConnection _connection;
    private readonly ReplicationOptions _options;
    private readonly DeadlineTimer _timer;
    private readonly ChannelKey _channel;
    private readonly ChannelOutbox _outbox;
    private readonly CoreOutbox _requests;
    private readonly SessionReports _reports;
    private readonly MessageMemory _memory = new();
    private ReplicationProtocol.AddCore _core;
    private ReplicationMachine? _machine;

    public ReplicationSessionActor(
        IClock clock, ReplicationProtocol.AddCore core, ReplicationProtocol.AddConnection connection, ReplicationOptions options)
    {
        (_clock, _core, _connection, _options) = (clock, core, connection, options);
        _channel = new ChannelKey(Self);
        _outbox = new ChannelOutbox(Self, connection.Connection, _channel);
        _requests = new CoreOutbox(core.Core);
        _reports = new SessionReports(core.Core, Self);
        _timer = new DeadlineTimer(Context, clock);
    }

    public static Props Props(
        IClock clock, ReplicationProtocol.AddCore core, ReplicationProtocol.AddConnection connection, ReplicationOptions options)
        => ActorProps.Of(() => new ReplicationSessionActor(clock, core, connection, options));

    protected override void PreStart()
    {
        Context.Watch(_connection.Connection);
        Subscribe();
    }

    protected override void PostStop()
    {
        _timer.Cancel();
        _reports.End(_machine);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CoreProtocol.Subscribed subscribed:
                Begin(subscribed);
                break;
            case CoreProtocol.Failed:
                _connection.Connection.Tell(new ConnectionProtocol.CloseChannel(_channel));
                Context.Stop(Self);
                return;
            case Terminated:
                Context.Stop(Self);
                return;
            case ConnectionProtocol.ChannelClosed closed:
                HandleClosed(closed);
                break;
            case ReplicationProtocol.AddConnection again:
                Context.Parent.Tell(new CoreExchangeActor.SessionOpen(again));
                break;
            case ChannelOutbox.FlushRequested:
                _outbox.Flush();
                break;
            case not null when _reports.Handle(message, _machine):
                break;
            case ReplicationProtocol.AddCore again:
                _core = again;
                Configure();
                break;
            case not null when _machine is { } machine:
                Handle(machine, message);
                break;
        }

        Drain();
    }

    private void Begin(CoreProtocol.Subscribed subscribed)
    {
        _reports.HandleReplaced(_machine);
        _machine = new ReplicationMachine(
            CoreFacts.StateOf(subscribed.Core), CoreFacts.BlocksOf(subscribed), Handshake(!_connection.Session.IsInitiator),
            _core is { IsFollowed: true, IsSparse: false }, _options);
        Configure();
        CoreFacts.Want(subscribed, _machine, _clock.Now);
        OpenChannel();
    }

    private void Configure() => _machine?.Configure(_core.IsFollowed, _core.AllowsPush, _core.IsPushOnly, _clock.Now);

    private void OpenChannel()
    {
        ChannelRequest request = new(ReplicationActor.ProtocolName, _core.Key.ToDiscoveryKey().Value.ToArray(), MessageTypes)
        {
            Handshake = Handshake(_connection.Session.IsInitiator).Encode(),
            Aliases = [ReplicationActor.ProtocolAlias],
        };
        _connection.Connection.Tell(new ConnectionProtocol.OpenChannel(_channel, request));
    }

    private void Handle(ReplicationMachine machine, object message)
    {
        TimeSpan now = _clock.Now;
        switch (message)
        {
            case ConnectionProtocol.ChannelOpened opened:
                machine.HandleOpened(opened.Handshake.Span, now);
                break;
            case ConnectionProtocol.ChannelMessages received:
                foreach (ChannelMessage one in received.Messages)
                    machine.HandleMessage(one.Type, one.Payload, now);
                break;
            case ConnectionProtocol.WritingPaused or ConnectionProtocol.WritingResumed:
                machine.HandleCongestion(message is ConnectionProtocol.WritingPaused, now);
                break;
            case CoreExchangeActor.BlocksPlanned planned:
                machine.HandlePlan(planned.Answer, now);
                break;
            case ReplicationProtocol.PushBlock push:
                machine.Push(push.Index, now);
                break;
            case CoreExchangeActor.BlocksReleased released:
                machine.HandleReleased(released.Blocks, now);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                machine.HandleTimeout(now);
                break;
            case CoreProtocol.IEvent fact:
                CoreFacts.Apply(fact, machine, now);
                break;
        }
    }

    private void HandleClosed(ConnectionProtocol.ChannelClosed closed)
    {
        bool reopen = closed.IsRemote && !closed.IsRejected && _machine is { ShouldReopen: true };
        _machine?.HandleClosed();
        if (reopen)
            Subscribe();
        else
            Context.Stop(Self);
    }

    private void Subscribe() => _core.Core.Tell(new CoreProtocol.Subscribe(0) { Peer = _connection.Session.RemotePublicKey });

    private void Drain()
    {
        while (_machine is { } machine && machine.TryTake(out ReplicationEffect? effect))
            Perform(effect!);
        _memory.End();
        _requests.Flush();
        _reports.Settle(_machine);
        _timer.Follow(_machine?.NextDeadline);
    }

    private void Perform(ReplicationEffect effect)
    {
        if (_requests.TryAdd(effect))
            return;
        switch (effect)
        {
            case ReplicationEffect.Send send:
                _outbox.Add(send.Message.Type, _memory.Encode(send.Message));
                break;
            case ReplicationEffect.PlanBlocks plan:
                Context.Parent.Tell(new CoreExchangeActor.PlanBlocks(plan.Blocks));
                break;
            case ReplicationEffect.ReleaseBlocks release:
                Context.Parent.Tell(new CoreExchangeActor.ReleaseBlocks(release.Blocks));
                break;
            case ReplicationEffect.CloseChannel:
                _outbox.Flush();
                _connection.Connection.Tell(new ConnectionProtocol.CloseChannel(_channel));
                break;
            case ReplicationEffect.DestroyConnection:
                _outbox.Flush();
                _connection.Connection.Tell(ConnectionProtocol.Destroy.Instance);
                break;
        }
    }

    private ChannelHandshake Handshake(bool initiator) => ChannelHandshake.For(_core.Key, _connection.Session.HandshakeHash, initiator);
}
