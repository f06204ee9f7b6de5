using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>One RPC channel of one connection: numbers calls, times them out, and brings the remote's calls to their handlers.</summary>
public sealed class RpcSessionActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly RpcSessionOptions _options;
    private readonly NoiseResult _session;
    private readonly IActorRef _connection;
    private readonly IActorRef _owner;
    private readonly ChannelKey _channel;
    private readonly RpcMachine _machine;
    private readonly DeadlineTimer _timer;
    private readonly RpcCallers _callers;
    private readonly ChannelOutbox _outbox;
    private readonly RpcHandlers _handlers;

    public RpcSessionActor(PeerRuntime runtime, RpcSessionOptions options, NoiseResult session, IActorRef connection, IActorRef owner)
    {
        (_runtime, _options, _session, _connection, _owner) = (runtime, options, session, connection, owner);
        _channel = new ChannelKey(Self);
        _machine = new RpcMachine(options.Limits);
        RpcRecorder recorder = new(runtime.Events, session);
        _callers = new RpcCallers(recorder);
        _handlers = new RpcHandlers(_machine, session.RemotePublicKey, recorder);
        _outbox = new ChannelOutbox(Self, connection, _channel);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    /// <param name="runtime">Clock and recorder.</param>
    /// <param name="options">The channel and the methods served on it.</param>
    /// <param name="session">The keys that the connection was established with.</param>
    /// <param name="connection">A <see cref="ConnectionActor"/>.</param>
    /// <param name="owner">Is told when the channel opens and closes.</param>
    public static Props Props(PeerRuntime runtime, RpcSessionOptions options, NoiseResult session, IActorRef connection, IActorRef owner)
        => ActorProps.Of(() => new RpcSessionActor(runtime, options, session, connection, owner)).WithDispatcher(runtime.ConnectionDispatcher);

    protected override void PreStart()
    {
        foreach (ServedMethod method in _options.Methods)
            _handlers.Serve(method);
        Context.Watch(_connection);
        _connection.Tell(new ConnectionProtocol.OpenChannel(_channel, RpcChannels.RequestOf(_options, _session)));
    }

    protected override void PostStop()
    {
        _timer.Cancel();
        _machine.Destroy();
        Drain();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionProtocol.ChannelMessages received:
                foreach (ChannelMessage one in received.Messages)
                    _machine.HandleMessage(one.Type, one.Payload);
                break;
            case RpcSessionProtocol.ICommand command:
                Handle(command);
                break;
            case ChannelOutbox.FlushRequested:
                _outbox.Flush();
                return;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(_runtime.Clock.Now);
                break;
            case ConnectionProtocol.ChannelOpened opened:
                Admit(opened.Handshake);
                break;
            case ConnectionProtocol.ChannelClosed closed:
                Finish(closed.IsRejected ? "the remote does not serve this channel" : RpcChannels.ReasonOf(closed.ConnectionEnd));
                return;
            case Terminated:
                Finish("the connection ended");
                return;
            default:
                Unhandled(message);
                return;
        }

        Drain();
        _timer.Follow(_machine.NextDeadline);
    }

    private void Handle(RpcSessionProtocol.ICommand command)
    {
        switch (command)
        {
            case RpcSessionProtocol.Call call:
                Call(call, inBatch: false);
                break;
            case RpcSessionProtocol.Calls calls:
                foreach (RpcSessionProtocol.Call call in calls.Each)
                    Call(call, inBatch: true);
                break;
            case RpcSessionProtocol.SendEvent send:
                _machine.TrySendEvent(send.Method, send.Value);
                break;
            case RpcSessionProtocol.Answer answer:
                _machine.Reply(answer.Token, answer.Value);
                break;
            case RpcSessionProtocol.Answers answers:
                foreach (RpcSessionProtocol.Answer answer in answers.Each)
                    _machine.Reply(answer.Token, answer.Value);
                break;
            case RpcSessionProtocol.Refuse refuse:
                _machine.ReplyError(refuse.Token, refuse.Cause);
                break;
            case RpcSessionProtocol.Serve serve:
                _handlers.Serve(serve.Method);
                break;
            case RpcSessionProtocol.Withdraw withdraw:
                _machine.RemoveMethod(withdraw.Method);
                break;
            case RpcSessionProtocol.End:
                _machine.End();
                break;
            case RpcSessionProtocol.Destroy:
                _machine.Destroy();
                break;
        }
    }

    private void Call(RpcSessionProtocol.Call call, bool inBatch)
    {
        if (_machine.TryRequest(call.Method, call.Value, call.Timeout, _runtime.Clock.Now, out ulong id))
            _callers.Add(id, Sender, call, inBatch);
        else
            _callers.Refuse(Sender, call, inBatch, RpcError.ChannelClosed(_machine.IsClosed ? null : "too many calls are out"));
    }

    private void Admit(ReadOnlyMemory<byte> handshake)
    {
        RpcCapabilityVerdict verdict = _options.Capability?.Verify(_session, handshake.Span) ?? RpcCapabilityVerdict.Accepted;
        if (verdict == RpcCapabilityVerdict.Accepted)
            _owner.Tell(new RpcSessionProtocol.Opened(_session.RemotePublicKey));
        else
            _machine.Destroy(RpcError.ChannelClosed("the remote does not know the capability"));
        if (verdict == RpcCapabilityVerdict.Malformed)
            _connection.Tell(ConnectionProtocol.Destroy.Instance);
    }

    private void Drain()
    {
        while (_machine.TryTake(out RpcEffect? effect))
            Perform(effect);
        _callers.Flush();
        _handlers.Flush();
    }

    private void Perform(RpcEffect effect)
    {
        switch (effect)
        {
            case RpcEffect.Send send:
                _outbox.Add(send.Type, send.Head, send.Value);
                break;
            case RpcEffect.RequestReceived request:
                _handlers.Deliver(request);
                break;
            case RpcEffect.ResponseReceived response:
                _callers.Settle(response);
                break;
            case RpcEffect.RequestFailed failed:
                _callers.Settle(failed);
                break;
            case RpcEffect.CloseChannel:
                _outbox.Flush();
                _connection.Tell(new ConnectionProtocol.CloseChannel(_channel));
                break;
            case RpcEffect.Faulted:
                _connection.Tell(ConnectionProtocol.Destroy.Instance);
                break;
        }
    }

    private void Finish(string? reason)
    {
        _machine.HandleClosed(reason);
        Drain();
        _owner.Tell(new RpcSessionProtocol.Closed(_session.RemotePublicKey, reason));
        Context.Stop(Self);
    }
}
