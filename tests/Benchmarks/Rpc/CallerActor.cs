using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Benchmarks.Rpc;

/// <summary>Dials one server and opens an RPC session on the connection, as <c>rpc.connect(key)</c> does.</summary>
internal sealed class CallerActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly PublicKey _server;
    private IActorRef _asker = ActorRefs.Nobody;
    private IActorRef _session = ActorRefs.Nobody;

    public CallerActor(PeerRuntime runtime, IActorRef dht, PublicKey server)
    {
        (_runtime, _server) = (runtime, server);
        dht.Tell(new HyperDhtProtocol.Connect(1, server, KeyPair.Generate(runtime.Entropy)) { Preamble = [RpcChannels.Listening(server, Self)] });
    }

    /// <summary>The session's actor, once it is open.</summary>
    public static Task<IActorRef> DialAsync(IActorRefFactory system, PeerRuntime runtime, IActorRef dht, PublicKey server, TimeSpan patience)
        => system.ActorOf(Props.Create(() => new CallerActor(runtime, dht, server))).Ask<IActorRef>(new WaitForSession(), patience);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WaitForSession:
                _asker = Sender;
                break;
            case HyperDhtProtocol.Connected connected:
                RpcSessionOptions options = new() { ServerKey = _server };
                _session = Context.ActorOf(RpcSessionActor.Props(_runtime, options, connected.Session, connected.Connection, Self));
                break;
            case HyperDhtProtocol.ConnectFailed failed:
                throw new InvalidOperationException(failed.Code);
            case RpcSessionProtocol.Opened:
                _asker.Tell(_session);
                break;
        }
    }

    private sealed record WaitForSession;
}
