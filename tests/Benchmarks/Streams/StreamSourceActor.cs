using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>Dials a server and writes chunks to a channel of the connection, as fast as it takes them.</summary>
internal sealed class StreamSourceActor : UntypedActor
{
    /// <summary>Chunks told to the connection that it has not looked at yet.</summary>
    private const int ChunksAhead = 8;

    private readonly ChannelKey _channel;
    private readonly ChannelMessage[] _chunk = [new ChannelMessage(0, new byte[StreamHotPath.ChunkBytes])];
    private IActorRef _connection = ActorRefs.Nobody;
    private IActorRef _asker = ActorRefs.Nobody;
    private PumpFor? _order;
    private string? _failure;
    private TimeSpan _writeUntil;
    private int _ahead;
    private bool _isOpen;
    private bool _isPaused;

    public StreamSourceActor(IActorRef dht, PublicKey server)
    {
        _channel = new ChannelKey(Self);
        dht.Tell(new HyperDhtProtocol.Connect(1, server, KeyPair.Generate(SystemEntropy.Instance)));
    }

    public static IActorRef Start(IActorRefFactory system, IActorRef dht, PublicKey server)
        => system.ActorOf(Props.Create(() => new StreamSourceActor(dht, server)));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HyperDhtProtocol.Connected connected:
                _connection = connected.Connection;
                _connection.Tell(new ConnectionProtocol.OpenChannel(_channel, StreamSinkActor.Channel));
                break;
            case ConnectionProtocol.ChannelOpened:
                (_isOpen, _writeUntil) = (true, SystemClock.Instance.Now + (_order?.Duration ?? default));
                break;
            case ConnectionProtocol.WritingPaused:
                _isPaused = true;
                break;
            case ConnectionProtocol.WritingResumed:
                _isPaused = false;
                break;
            case ActorIdentity:
                _ahead--;
                break;
            case PumpFor order:
                (_order, _asker, _writeUntil) = (order, Sender, SystemClock.Instance.Now + order.Duration);
                break;
            case ConnectionProtocol.ChannelClosed or ConnectionProtocol.Closed or HyperDhtProtocol.ConnectFailed:
                _failure = $"{message}";
                break;
        }

        Write();
    }

    // The connection answers Identify after it has dealt with the chunk before it, and says beforehand if it wants a pause.
    private void Write()
    {
        if (_failure is not null && _order is not null)
            _asker.Tell(new Status.Failure(new InvalidOperationException(_failure)));
        if (!_isOpen || _failure is not null || _order is null)
            return;
        bool isOver = SystemClock.Instance.Now >= _writeUntil;
        while (!isOver && !_isPaused && _ahead < ChunksAhead)
        {
            _connection.Tell(new ConnectionProtocol.SendMessages(_channel, _chunk));
            _connection.Tell(new Identify(null));
            _ahead++;
        }

        if (!isOver)
            return;
        _asker.Tell(_order);
        _order = null;
    }
}
