using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>The actors that a peer's connections are handed to.</summary>
internal sealed record PeerServices(IActorRef Dht, IActorRef RpcServer, IActorRef Replication, IActorRef Owner);

/// <summary>Dials, accepts, and gives every connection to the RPC server, the replication and the callers.</summary>
internal sealed class PeerConnections(IActorContext context, PeerRuntime runtime, PeerOptions options, PeerServices services)
{
    private readonly IActorRef _self = context.Self;
    private readonly PublicKey _own = options.KeyPair.PublicKey;
    private readonly PeerLinks _links = new(options.KeyPair.PublicKey);
    private readonly PeerCalls _calls = new(options.WaitingCallLimit);
    private readonly Dictionary<long, PublicKey> _dials = [];
    private readonly HashSet<PublicKey> _dialled = [];
    private readonly Dictionary<IActorRef, List<ConnectionProtocol.PairRequested>> _early = [];
    private long _lastDial;
    private long _lastSession;

    /// <summary>What each accepted connection is told before its first packet: the remote's opens wait here until it is known.</summary>
    public ImmutableArray<ConnectionProtocol.ICommand> Preamble(IActorRef listener)
        =>
        [
            RpcChannels.Listening(_own, listener),
            new ConnectionProtocol.ListenChannel(ReplicationActor.ProtocolName, null, listener),
            new ConnectionProtocol.ListenChannel(ReplicationActor.ProtocolAlias, null, listener),
        ];

    public void Handle(PeerProtocol.ICommand command)
    {
        switch (command)
        {
            case PeerProtocol.Connect connect:
                Dial(connect.Remote);
                break;
            case PeerProtocol.Disconnect disconnect when _links.TryGet(disconnect.Remote, out PeerLink? link):
                link.Connection.Tell(ConnectionProtocol.Close.Instance);
                break;
            case PeerProtocol.CallRpc call:
                Call(call);
                break;
            case PeerProtocol.SendRpcEvent send when _links.TryGet(send.Remote, out PeerLink? link):
                CallsOf(link).Tell(new RpcSessionProtocol.SendEvent(new RpcMethod(send.Method), send.Value), _self);
                break;
            case PeerProtocol.AnswerRpc answer:
                answer.Call.Session.Tell(new RpcSessionProtocol.Answer((long)answer.Call.Number, answer.Value), _self);
                break;
            case PeerProtocol.RefuseRpc refuse:
                RpcErrorCause cause = new(refuse.Message, refuse.Code);
                refuse.Call.Session.Tell(new RpcSessionProtocol.Refuse((long)refuse.Call.Number, cause), _self);
                break;
        }
    }

    public void Handle(HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Accepted accepted:
                Add(new PeerLink(accepted.Connection, accepted.Session, accepted.Address));
                break;
            case HyperDhtProtocol.Connected connected when _dials.Remove(connected.Tag):
                _dialled.Remove(connected.Session.RemotePublicKey);
                Add(new PeerLink(connected.Connection, connected.Session, connected.Address));
                break;
            case HyperDhtProtocol.ConnectFailed failed when _dials.Remove(failed.Tag):
                _dialled.Remove(failed.Remote);
                HandleFailed(failed);
                break;
        }
    }

    public void Handle(ConnectionProtocol.IEvent fact, IActorRef connection)
    {
        switch (fact)
        {
            case ConnectionProtocol.PairRequested requested when _links.TryGet(connection, out _):
                Pair(requested, connection);
                break;
            case ConnectionProtocol.PairRequested requested:
                Remember(requested, connection);
                break;
            case ConnectionProtocol.Closed closed:
                _early.Remove(connection);
                if (_links.Remove(connection) is { } link)
                    services.Owner.Tell(new PeerProtocol.PeerDisconnected(link.Remote, closed.Detail ?? $"{closed.Reason}"));
                break;
        }
    }

    public void Handle(RpcSessionProtocol.IEvent fact, IActorRef session)
    {
        switch (fact)
        {
            case RpcSessionProtocol.RequestReceived request:
                RpcCallId call = new(session, (ulong)request.Token);
                services.Owner.Tell(new PeerProtocol.RpcCalled(call, request.Remote, request.Method, request.Value));
                break;
            case RpcSessionProtocol.Replied replied when _calls.TryEnd(replied.Request, out PublicKey? remote):
                services.Owner.Tell(new PeerProtocol.RpcReplied(new PeerRequestId(replied.Request), remote.Value, replied.Value));
                break;
            case RpcSessionProtocol.Failed failed when _calls.TryEnd(failed.Request, out PublicKey? remote):
                Fail(new PeerRequestId(failed.Request), remote.Value, failed.Error.Code ?? RpcErrorCode.RequestError, $"{failed.Error}");
                break;
            case RpcSessionProtocol.Closed closed when _links.TryGet(closed.Remote, out PeerLink? link) && session.Equals(link.Calls):
                link.Calls = null;
                break;
        }
    }

    private void Dial(PublicKey remote)
    {
        if (remote == _own || _links.TryGet(remote, out _) || !_dialled.Add(remote))
            return;
        _dials.Add(++_lastDial, remote);
        services.Dht.Tell(
            new HyperDhtProtocol.Connect(_lastDial, remote, options.KeyPair)
            {
                Preamble = Preamble(_self).Add(RpcChannels.Listening(remote, _self)),
            },
            _self);
    }

    private void Add(PeerLink link)
    {
        PublicKey remote = link.Remote;
        PeerLink? loser = _links.Add(link);
        loser?.Connection.Tell(ConnectionProtocol.Close.Instance);
        if (loser == link)
        {
            _early.Remove(link.Connection);
            return;
        }

        services.RpcServer.Tell(new RpcServerProtocol.Attach(link.Connection, link.Session, OpensAtOnce: !link.Session.IsInitiator));
        services.Replication.Tell(new ReplicationProtocol.AddConnection(link.Connection, link.Session));
        if (_early.Remove(link.Connection, out List<ConnectionProtocol.PairRequested>? early))
            early.ForEach(requested => Pair(requested, link.Connection));
        services.Owner.Tell(new PeerProtocol.PeerConnected(remote, link.Session.IsInitiator, link.Address));
        foreach (PeerProtocol.CallRpc call in _calls.TakeWaiting(remote))
            Send(link, call);
    }

    // The remote's server opens first, ours waits for the remote's open: whichever it is, it goes to who serves it.
    private void Pair(ConnectionProtocol.PairRequested requested, IActorRef connection)
    {
        if (requested.Protocol is ReplicationActor.ProtocolName or ReplicationActor.ProtocolAlias)
            services.Replication.Tell(requested, connection);
        else if (requested.Id.Span.SequenceEqual(_own.Value.Span))
            services.RpcServer.Tell(requested, connection);
        else if (_links.TryGet(connection, out PeerLink? link))
            CallsOf(link);
    }

    private void Remember(ConnectionProtocol.PairRequested requested, IActorRef connection)
    {
        if (!_early.TryGetValue(connection, out List<ConnectionProtocol.PairRequested>? early))
            _early.Add(connection, early = []);
        early.Add(requested);
    }

    private void Call(PeerProtocol.CallRpc call)
    {
        if (_links.TryGet(call.Remote, out PeerLink? link))
            Send(link, call);
        else if (!_calls.TryWait(call))
            Fail(call.Request, call.Remote, "TOO_MANY_CALLS", "too many calls wait for a connection");
        else
            Dial(call.Remote);
    }

    private void Send(PeerLink link, PeerProtocol.CallRpc call)
    {
        _calls.Sent(call);
        CallsOf(link).Tell(new RpcSessionProtocol.Call(call.Request.Value, new RpcMethod(call.Method), call.Value, call.Timeout), _self);
    }

    private IActorRef CallsOf(PeerLink link)
    {
        RpcSessionOptions session = new() { ServerKey = link.Remote };
        return link.Calls ??= context.ActorOf(
            RpcSessionActor.Props(runtime, session, link.Session, link.Connection, _self), $"calls-{link.Remote.ToShort()}-{++_lastSession}");
    }

    private void HandleFailed(HyperDhtProtocol.ConnectFailed failed)
    {
        if (_links.TryGet(failed.Remote, out _))
            return;
        services.Owner.Tell(new PeerProtocol.ConnectFailed(failed.Remote, failed.Code, $"no connection to {failed.Remote.ToShort()}: {failed.Code}"));
        foreach (PeerProtocol.CallRpc call in _calls.TakeWaiting(failed.Remote))
            Fail(call.Request, call.Remote, failed.Code, "the remote cannot be reached");
    }

    private void Fail(PeerRequestId request, PublicKey remote, string code, string reason)
        => services.Owner.Tell(new PeerProtocol.RpcFailed(request, remote, code, reason));
}
