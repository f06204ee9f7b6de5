using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>Owns a client's connection and says hello over a channel beside the one of RPC; the first text that comes back is the answer.</summary>
internal sealed class ChannelOwnerActor(TaskCompletionSource<string> answer) : UntypedActor
{
    private static readonly ChannelRequest Channel = new("test", default, 1);

    public static Props Props(TaskCompletionSource<string> answer) => Akka.Actor.Props.Create(() => new ChannelOwnerActor(answer));

    /// <summary>What the connection is told before its first packet.</summary>
    public static ConnectionProtocol.ICommand Listening(IActorRef owner) => new ConnectionProtocol.ListenChannel(Channel.Protocol, null, owner);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HyperDhtProtocol.Connected connected:
                ChannelKey key = new(Self);
                connected.Connection.Tell(new ConnectionProtocol.OpenChannel(key, Channel));
                connected.Connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, "\fhello server"u8.ToArray())]));
                break;
            case ConnectionProtocol.ChannelMessages messages:
                answer.TrySetResult(System.Text.Encoding.UTF8.GetString(messages.Messages[0].Payload.Span[1..]));
                break;
        }
    }
}
