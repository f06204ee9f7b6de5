using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>The servers of an RPC peer by their keys, each with its actor.</summary>
internal sealed class RpcServers(PeerRuntime runtime, IActorRef dht)
{
    private readonly Dictionary<PublicKey, Server> _byKey = [];
    private long _started;

    /// <param name="asker">Hears a <see cref="HyperswarmRpcProtocol.IServerOutcome"/>.</param>
    public void Start(IActorContext context, HyperswarmRpcServer server, IActorRef asker)
    {
        PublicKey key = server.KeyPair.PublicKey;
        if (_byKey.ContainsKey(key))
        {
            asker.Tell(new HyperswarmRpcProtocol.ServerRefused(key));
            return;
        }

        RpcServerOptions options = new() { ServerKey = key, Capability = server.Capability, Methods = server.Methods };
        IActorRef actor = context.ActorOf(RpcServerActor.Props(runtime, options, context.Self), "server-" + ++_started);
        _byKey.Add(key, new Server(actor, asker));
        dht.Tell(
            new HyperDhtProtocol.Listen(server.KeyPair, context.Self, server.Firewall)
            {
                RelayThrough = server.RelayThrough,
                KeepAlive = server.KeepAlive,
                Preamble = [RpcChannels.Listening(key, actor), .. server.Preamble],
                SpeaksAtOnce = true,
            },
            context.Self);
    }

    public void Stop(IActorContext context, PublicKey key, IActorRef asker)
    {
        if (_byKey.TryGetValue(key, out Server? server))
        {
            server.StopAskers.Add(asker);
            dht.Tell(new HyperDhtProtocol.StopListening(key), context.Self);
        }
        else
        {
            asker.Tell(new HyperswarmRpcProtocol.ServerStopped(key));
        }
    }

    public void Tell(PublicKey key, RpcServerProtocol.ICommand command)
    {
        if (_byKey.TryGetValue(key, out Server? server))
            server.Actor.Tell(command);
    }

    public void Handle(IActorContext context, HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Listening listening when _byKey.TryGetValue(listening.Key, out Server? server):
                server.Answer(new HyperswarmRpcProtocol.ServerListening(listening.Key, listening.Relays));
                break;
            case HyperDhtProtocol.ListenRefused refused when _byKey.Remove(refused.Key, out Server? server):
                context.Stop(server.Actor);
                server.Answer(new HyperswarmRpcProtocol.ServerRefused(refused.Key));
                server.TellStopped(refused.Key);
                break;
            case HyperDhtProtocol.ListeningStopped stopped when _byKey.Remove(stopped.Key, out Server? server):
                server.Actor.Tell(new RpcServerProtocol.StopWhenUnused());
                server.Answer(new HyperswarmRpcProtocol.ServerListening(stopped.Key, []));
                server.TellStopped(stopped.Key);
                break;
            case HyperDhtProtocol.Accepted accepted when _byKey.TryGetValue(accepted.Key, out Server? server):
                server.Actor.Tell(new RpcServerProtocol.Attach(accepted.Connection, accepted.Session, OpensAtOnce: true));
                break;
            case HyperDhtProtocol.Accepted late:
                late.Connection.Tell(ConnectionProtocol.Destroy.Instance);
                break;
        }
    }

    private sealed class Server(IActorRef actor, IActorRef asker)
    {
        private bool _isAnswered;

        public IActorRef Actor => actor;

        public List<IActorRef> StopAskers { get; } = [];

        /// <summary>The first outcome counts: a server announces itself anew from time to time.</summary>
        public void Answer(HyperswarmRpcProtocol.IServerOutcome outcome)
        {
            if (!_isAnswered)
                asker.Tell(outcome);
            _isAnswered = true;
        }

        public void TellStopped(PublicKey key)
        {
            foreach (IActorRef waiting in StopAskers)
                waiting.Tell(new HyperswarmRpcProtocol.ServerStopped(key));
        }
    }
}
