using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Calls many servers by public key, with one session for each that lingers while it is not needed.</summary>
public sealed class RpcClientsActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly RpcClientsOptions _options;
    private readonly IActorRef _connector;
    private readonly RpcClientPool _pool;
    private readonly DeadlineTimer _timer;
    private readonly Dictionary<PublicKey, IActorRef> _sessions = [];
    private readonly Dictionary<PublicKey, RpcErrorCause> _failures = [];
    private readonly Dictionary<long, PooledCall> _calls = [];
    private long _lastCall;
    private long _lastSession;

    public RpcClientsActor(PeerRuntime runtime, RpcClientsOptions options, IActorRef connector)
    {
        (_runtime, _options, _connector) = (runtime, options, connector);
        _pool = new RpcClientPool(options);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    /// <param name="runtime">Clock and recorder.</param>
    /// <param name="options">Linger time and limits.</param>
    /// <param name="connector">Answers <see cref="RpcClientsProtocol.Connect"/>.</param>
    public static Props Props(PeerRuntime runtime, RpcClientsOptions options, IActorRef connector)
        => ActorProps.Of(() => new RpcClientsActor(runtime, options, connector)).WithDispatcher(runtime.ConnectionDispatcher);

    protected override void PostStop()
    {
        _timer.Cancel();
        foreach (long number in _calls.Keys.Order())
            Fail(number, RpcError.ChannelDestroyed);
    }

    protected override void OnReceive(object message)
    {
        TimeSpan now = _runtime.Clock.Now;
        switch (message)
        {
            case RpcClientsProtocol.Call call:
                Call(new PooledCall(call, Sender, now + call.Timeout));
                break;
            case RpcClientsProtocol.SendEvent send:
                Call(new PooledCall(new RpcClientsProtocol.Call(0, send.Server, send.Method, send.Value, null), ActorRefs.Nobody, null) { IsEvent = true });
                break;
            case RpcClientsProtocol.Connected connected:
                OpenSession(connected, now);
                break;
            case RpcClientsProtocol.ConnectFailed failed:
                _failures[failed.Server] = new RpcErrorCause(failed.Reason, failed.Code);
                _pool.HandleGone(failed.Server);
                break;
            case RpcSessionProtocol.Replied replied when _calls.Remove(replied.Request, out PooledCall? call):
                call.Caller.Tell(new RpcClientsProtocol.Replied(call.Asked.Request, call.Asked.Server, replied.Value));
                _pool.HandleSettled(replied.Request, now);
                break;
            case RpcSessionProtocol.Failed failed:
                Fail(failed.Request, failed.Error);
                _pool.HandleSettled(failed.Request, now);
                break;
            case RpcSessionProtocol.Closed closed when _sessions.TryGetValue(closed.Remote, out IActorRef? session) && session.Equals(Sender):
                _sessions.Remove(closed.Remote);
                _pool.HandleGone(closed.Remote);
                _connector.Tell(new RpcClientsProtocol.Release(closed.Remote));
                break;
            case RpcSessionProtocol.IEvent or ConnectionProtocol.PairRequested:
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _pool.HandleTimeout(now);
                break;
            default:
                Unhandled(message);
                return;
        }

        while (_pool.TryTake(out PoolEffect? effect))
            Perform(effect, now);
        _failures.Clear();
        _timer.Follow(_pool.NextDeadline);
    }

    private void Call(PooledCall call)
    {
        _calls.Add(++_lastCall, call);
        if (!_pool.TryAdd(call.Asked.Server, _lastCall, call.Deadline))
            Fail(_lastCall, RpcError.ChannelClosed("too many calls wait"));
    }

    private void OpenSession(RpcClientsProtocol.Connected connected, TimeSpan now)
    {
        if (_sessions.ContainsKey(connected.Server))
            return;
        RpcSessionOptions options = new() { ServerKey = connected.Server, Capability = _options.Capability, Limits = _options.Limits };
        _sessions[connected.Server] = Context.ActorOf(
            RpcSessionActor.Props(_runtime, options, connected.Session, connected.Connection, Self),
            $"{connected.Server.ToShort()}-{++_lastSession}");
        _pool.HandleReady(connected.Server, now);
    }

    private void Perform(PoolEffect effect, TimeSpan now)
    {
        switch (effect)
        {
            case PoolEffect.Connect connect:
                _connector.Tell(new RpcClientsProtocol.Connect(connect.Server));
                break;
            case PoolEffect.Dispatch dispatch when _calls.TryGetValue(dispatch.Call, out PooledCall? call) && call.IsEvent:
                _sessions[dispatch.Server].Tell(new RpcSessionProtocol.SendEvent(call.Asked.Method, call.Asked.Value));
                _calls.Remove(dispatch.Call);
                _pool.HandleSettled(dispatch.Call, now);
                break;
            case PoolEffect.Dispatch dispatch when _calls.TryGetValue(dispatch.Call, out PooledCall? call):
                _sessions[dispatch.Server].Tell(
                    new RpcSessionProtocol.Call(dispatch.Call, call.Asked.Method, call.Asked.Value, call.Deadline - now));
                break;
            case PoolEffect.Fail fail when _calls.TryGetValue(fail.Call, out PooledCall? call):
                Fail(fail.Call, fail.IsTimeout
                    ? RpcError.TimeoutExceeded(call.Asked.Timeout!.Value)
                    : RpcError.ChannelClosed() with { Cause = _failures.GetValueOrDefault(call.Asked.Server) });
                break;
            case PoolEffect.Release release when _sessions.Remove(release.Server, out IActorRef? session):
                session.Tell(RpcSessionProtocol.Destroy.Instance);
                _connector.Tell(new RpcClientsProtocol.Release(release.Server));
                break;
        }
    }

    private void Fail(long number, RpcError error)
    {
        if (_calls.Remove(number, out PooledCall? call))
            call.Caller.Tell(new RpcClientsProtocol.Failed(call.Asked.Request, call.Asked.Server, error));
    }

    private sealed record PooledCall(RpcClientsProtocol.Call Asked, IActorRef Caller, TimeSpan? Deadline)
    {
        /// <summary>An event is settled once it is sent.</summary>
        public bool IsEvent { get; init; }
    }
}
