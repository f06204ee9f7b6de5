using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Calls one server over a connection of its own, and ends with it; takes the orders of <see cref="RpcSessionProtocol"/>.</summary>
public sealed class RpcClientActor : UntypedActor
{
    private const long DialTag = 1;

    private readonly PeerRuntime _runtime;
    private readonly RpcClientOptions _options;
    private readonly IActorRef _dht;
    private readonly IActorRef _owner;
    private readonly RpcClientQueue _waiting;
    private readonly DeadlineTimer _timer;
    private IActorRef _connection = ActorRefs.Nobody;
    private IActorRef _session = ActorRefs.Nobody;
    private bool _isOver;

    public RpcClientActor(PeerRuntime runtime, RpcClientOptions options, KeyPair keyPair, IActorRef dht, IActorRef owner)
    {
        (_runtime, _options, _dht, _owner) = (runtime, options, dht, owner);
        _waiting = new RpcClientQueue(options.MaxWaiting);
        _timer = new DeadlineTimer(Context, runtime.Clock);
        dht.Tell(new HyperDhtProtocol.Connect(DialTag, options.Server, options.KeyPair ?? keyPair)
        {
            Relays = options.Relays,
            RelayThrough = options.RelayThrough,
            KeepAlive = options.KeepAlive,
            Preamble = [RpcChannels.Listening(options.Server, Self), .. options.Preamble],
            SpeaksAtOnce = true,
        });
    }

    /// <param name="runtime">Clock and recorder.</param>
    /// <param name="options">Whom to call.</param>
    /// <param name="keyPair">Dials with this key unless the options name another.</param>
    /// <param name="dht">A <see cref="HyperDhtActor"/>.</param>
    /// <param name="owner">
    /// Hears <see cref="HyperDhtProtocol.Connected"/>, <see cref="RpcSessionProtocol.Opened"/> and, at the end, <see cref="RpcSessionProtocol.Closed"/>.
    /// </param>
    public static Props Props(PeerRuntime runtime, RpcClientOptions options, KeyPair keyPair, IActorRef dht, IActorRef owner)
        => ActorProps.Of(() => new RpcClientActor(runtime, options, keyPair, dht, owner)).WithDispatcher(runtime.ConnectionDispatcher);

    private bool IsConnected => !_session.IsNobody();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        _timer.Cancel();
        _waiting.FailAll(RpcError.ChannelDestroyed);
        if (_isOver)
            return;
        if (IsConnected)
            _connection.Tell(ConnectionProtocol.Destroy.Instance);
        else
            _dht.Tell(new HyperDhtProtocol.CancelConnect(DialTag));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RpcSessionProtocol.ICommand when IsConnected:
                _session.Forward(message);
                break;
            case RpcSessionProtocol.Destroy:
                Finish(null, RpcError.ChannelDestroyed, isOver: false);
                break;
            case RpcSessionProtocol.ICommand command:
                _waiting.Add(command, Sender, _runtime.Clock.Now);
                break;
            case HyperDhtProtocol.Connected connected:
                OpenSession(connected);
                break;
            case HyperDhtProtocol.ConnectFailed failed:
                string reason = ConnectFailureCodes.Describe(failed.Code);
                Finish(reason, RpcError.ChannelClosed() with { Cause = new RpcErrorCause(reason, failed.Code) }, isOver: true);
                break;
            case RpcSessionProtocol.Opened:
                _owner.Tell(message);
                break;
            case RpcSessionProtocol.Closed closed:
                _connection.Tell(ConnectionProtocol.Close.Instance);
                Finish(closed.Reason, RpcError.ChannelClosed(closed.Reason), isOver: true);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _waiting.HandleTimeout(_runtime.Clock.Now);
                break;
            case ConnectionProtocol.IEvent:
                break;
            default:
                Unhandled(message);
                break;
        }

        _timer.Follow(_waiting.NextDeadline);
    }

    private void OpenSession(HyperDhtProtocol.Connected connected)
    {
        _connection = connected.Connection;
        RpcSessionOptions options = new()
        {
            ServerKey = _options.Server,
            Capability = _options.Capability,
            Methods = _options.Methods,
            Limits = _options.Limits,
        };
        _session = Context.ActorOf(RpcSessionActor.Props(_runtime, options, connected.Session, _connection, Self), "session");
        _owner.Tell(connected);
        _waiting.HandOver(_session, _runtime.Clock.Now);
    }

    private void Finish(string? reason, RpcError error, bool isOver)
    {
        _isOver = isOver;
        _waiting.FailAll(error);
        _owner.Tell(new RpcSessionProtocol.Closed(_options.Server, reason));
        Context.Stop(Self);
    }
}
