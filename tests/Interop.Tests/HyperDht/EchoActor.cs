using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>Owner of connections that carry the echo channel: returns what clients send, or sends and reports what comes back.</summary>
internal sealed class EchoActor(byte[]? sends, TaskCompletionSource<object> outcome) : UntypedActor
{
    private const int MessageSize = 64 * 1024;
    private static readonly ChannelRequest Channel = new("echo", default, 1);
    private readonly List<byte> _returned = [];

    /// <summary>Completes with <see cref="HyperDhtProtocol.Listening"/>, then echoes.</summary>
    public static Props Server(TaskCompletionSource<object> listening) => Props.Create(() => new EchoActor(null, listening));

    /// <summary>Completes with the bytes that came back, or with why none did.</summary>
    public static Props Client(byte[] sends, TaskCompletionSource<object> outcome) => Props.Create(() => new EchoActor(sends, outcome));

    /// <summary>What connections are told before their first packet, so that an early open of the remote finds a listener.</summary>
    public static ConnectionProtocol.ICommand Listening(IActorRef owner) => new ConnectionProtocol.ListenChannel(Channel.Protocol, null, owner);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionProtocol.PairRequested when sends is null:
                Open(Sender);
                break;
            case HyperDhtProtocol.Connected connected:
                ChannelKey key = Open(connected.Connection);
                connected.Connection.Tell(new ConnectionProtocol.SendMessages(
                    key, [.. sends!.Chunk(MessageSize).Select(part => new ChannelMessage(0, part))]));
                break;
            case ConnectionProtocol.ChannelMessages messages when sends is null:
                Sender.Tell(new ConnectionProtocol.SendMessages(messages.Key, messages.Messages));
                break;
            case ConnectionProtocol.ChannelMessages messages:
                foreach (ChannelMessage part in messages.Messages)
                    _returned.AddRange(part.Payload.Span);
                if (_returned.Count < sends.Length)
                    break;
                outcome.TrySetResult(_returned.ToArray());
                Sender.Tell(ConnectionProtocol.Close.Instance);
                break;
            case HyperDhtProtocol.Listening or HyperDhtProtocol.ConnectFailed or ConnectionProtocol.Closed:
                outcome.TrySetResult(message);
                break;
        }
    }

    private ChannelKey Open(IActorRef connection)
    {
        ChannelKey key = new(Self, (int)(connection.Path.Uid & int.MaxValue));
        connection.Tell(new ConnectionProtocol.OpenChannel(key, Channel));
        return key;
    }
}
