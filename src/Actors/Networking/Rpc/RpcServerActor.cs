using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Offers methods to the remotes of many connections, with a session for each.</summary>
public sealed class RpcServerActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly RpcServerOptions _options;
    private readonly IActorRef _owner;
    private readonly Dictionary<string, ServedMethod> _methods = [];
    private readonly Dictionary<IActorRef, NoiseResult> _connections = [];
    private readonly Dictionary<IActorRef, IActorRef> _sessions = [];
    private readonly HashSet<IActorRef> _early = [];
    private readonly HashSet<IActorRef> _askedAgain = [];
    private long _lastSession;
    private bool _isUnwanted;

    public RpcServerActor(PeerRuntime runtime, RpcServerOptions options, IActorRef owner)
    {
        (_runtime, _options, _owner) = (runtime, options, owner);
        foreach (ServedMethod method in options.Methods)
            _methods[method.Method.Name] = method;
    }

    /// <param name="runtime">Clock and recorder.</param>
    /// <param name="options">The server's key and its methods; a method's handler is told <see cref="RpcSessionProtocol.RequestReceived"/>.</param>
    /// <param name="owner">Is told when sessions open and close.</param>
    public static Props Props(PeerRuntime runtime, RpcServerOptions options, IActorRef owner)
        => ActorProps.Of(() => new RpcServerActor(runtime, options, owner)).WithDispatcher(runtime.ConnectionDispatcher);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RpcServerProtocol.Attach attach:
                Attach(attach);
                break;
            case RpcServerProtocol.Serve serve:
                _methods[serve.Method.Method.Name] = serve.Method;
                TellSessions(new RpcSessionProtocol.Serve(serve.Method));
                break;
            case RpcServerProtocol.Withdraw withdraw:
                _methods.Remove(withdraw.Method);
                TellSessions(new RpcSessionProtocol.Withdraw(withdraw.Method));
                break;
            case RpcServerProtocol.StopWhenUnused:
                _isUnwanted = true;
                StopIfUnused();
                break;
            case ConnectionProtocol.PairRequested:
                Pair(Sender);
                break;
            case RpcSessionProtocol.Opened opened when _sessions.TryGetValue(Sender, out IActorRef? opening):
                _askedAgain.Remove(opening);
                _owner.Tell(new RpcServerProtocol.SessionOpened(_options.ServerKey, opened.Remote, Sender, opening));
                break;
            case RpcSessionProtocol.Closed closed when _sessions.Remove(Sender, out IActorRef? connection):
                _owner.Tell(new RpcServerProtocol.SessionClosed(closed.Remote, connection));
                if (_askedAgain.Remove(connection))
                    Pair(connection);
                StopIfUnused();
                break;
            case Terminated terminated:
                _connections.Remove(terminated.ActorRef);
                _early.Remove(terminated.ActorRef);
                _askedAgain.Remove(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void StopIfUnused()
    {
        if (_isUnwanted && _sessions.Count == 0)
            Context.Stop(Self);
    }

    private void Attach(RpcServerProtocol.Attach attach)
    {
        bool isAskedFor = _early.Remove(attach.Connection);
        if (_connections.Count >= _options.MaxConnections)
        {
            Decline(attach.Connection);
            return;
        }

        if (!_connections.TryAdd(attach.Connection, attach.Session))
            return;
        Context.Watch(attach.Connection);
        if (attach.OpensAtOnce || isAskedFor)
            OpenSession(attach.Connection, attach.Session);
    }

    // A remote's first open may be told of before the connection itself is, and the next one before the end of the session of the last.
    private void Pair(IActorRef connection)
    {
        if (_connections.TryGetValue(connection, out NoiseResult? session))
        {
            if (_sessions.ContainsValue(connection))
                _askedAgain.Add(connection);
            else
                OpenSession(connection, session);
        }
        else if (_connections.Count + _early.Count >= _options.MaxConnections)
        {
            Decline(connection);
        }
        else
        {
            _early.Add(Context.Watch(connection));
        }
    }

    private void Decline(IActorRef connection)
        => connection.Tell(new ConnectionProtocol.DeclineChannel(RpcMachine.DefaultProtocol, _options.ServerKey.Value.ToArray()));

    private void OpenSession(IActorRef connection, NoiseResult session)
    {
        RpcSessionOptions options = new()
        {
            ServerKey = _options.ServerKey,
            Capability = _options.Capability,
            Methods = [.. _methods.Values],
            Limits = _options.Limits,
        };
        string name = $"{session.RemotePublicKey.ToShort()}-{++_lastSession}";
        _sessions.Add(Context.ActorOf(RpcSessionActor.Props(_runtime, options, session, connection, Self), name), connection);
    }

    private void TellSessions(RpcSessionProtocol.ICommand command)
    {
        foreach (IActorRef session in _sessions.Keys)
            session.Tell(command);
    }
}
