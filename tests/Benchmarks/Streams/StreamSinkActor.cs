using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>Listens under a key and counts what arrives on the channel of each connection.</summary>
internal sealed class StreamSinkActor : UntypedActor
{
    private readonly KeyPair _keys;
    private readonly IActorRef _dht;
    private readonly ByteCount _bytes;
    private IActorRef _asker = ActorRefs.Nobody;
    private int _accepted;

    public StreamSinkActor(IActorRef dht, KeyPair keys, ByteCount bytes) => (_dht, _keys, _bytes) = (dht, keys, bytes);

    public static ChannelRequest Channel { get; } = new("benchmark", default, 1);

    public static Task ListenAsync(IActorRefFactory system, IActorRef dht, KeyPair keys, ByteCount bytes, TimeSpan patience)
        => system.ActorOf(Props.Create(() => new StreamSinkActor(dht, keys, bytes))).Ask(new Listen(), patience);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Listen:
                _asker = Sender;
                ConnectionProtocol.ListenChannel preamble = new(Channel.Protocol, null, Self);
                _dht.Tell(new HyperDhtProtocol.Listen(_keys, Self) { Preamble = [preamble] });
                break;
            case HyperDhtProtocol.Listening:
                _asker.Tell(new Listen());
                break;
            case HyperDhtProtocol.Accepted accepted:
                accepted.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(Self, ++_accepted), Channel));
                break;
            case ConnectionProtocol.ChannelMessages received:
                foreach (ChannelMessage one in received.Messages)
                    _bytes.Add(one.Payload.Length);
                break;
        }
    }

    private sealed record Listen;
}
