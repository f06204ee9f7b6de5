using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Benchmarks.Dht;

/// <summary>Listens under a key with nothing to serve.</summary>
internal sealed class ListenerActor : UntypedActor
{
    private readonly IActorRef _dht;
    private readonly KeyPair _keys;
    private IActorRef _asker = ActorRefs.Nobody;

    public ListenerActor(IActorRef dht, KeyPair keys) => (_dht, _keys) = (dht, keys);

    public static Task ListenAsync(IActorRefFactory system, IActorRef dht, KeyPair keys, TimeSpan patience)
        => system.ActorOf(Props.Create(() => new ListenerActor(dht, keys))).Ask(new Listen(), patience);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen:
                _asker = Sender;
                _dht.Tell(new HyperDhtProtocol.Listen(_keys, Self));
                break;
            case HyperDhtProtocol.Listening:
                _asker.Tell(message);
                break;
        }
    }

    private sealed record Listen;
}
