using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Swarm.Hyperswarm;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Interop.Tests.Hyperswarm;

/// <summary>Owner of a swarm whose connections carry the echo channel: the lower key sends itself, the other returns it.</summary>
internal sealed class SwarmOwnerActor(PublicKey own, BlockingCollection<object> told) : UntypedActor
{
    private static readonly ChannelRequest Channel = new("echo", default, 1);
    private readonly Dictionary<IActorRef, PublicKey> _remotes = [];

    public static Props Props(PublicKey own, BlockingCollection<object> told) => Akka.Actor.Props.Create(() => new SwarmOwnerActor(own, told));

    /// <summary>What connections are told before their first packet, so that an early open of the remote waits for ours.</summary>
    public static ConnectionProtocol.ICommand Listening(IActorRef owner) => new ConnectionProtocol.ListenChannel(Channel.Protocol, null, owner);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SwarmProtocol.ConnectionOpened opened:
                _remotes[opened.Connection] = opened.Remote;
                ChannelKey key = new(Self, (int)(opened.Connection.Path.Uid & int.MaxValue));
                opened.Connection.Tell(new ConnectionProtocol.OpenChannel(key, Channel));
                if (own < opened.Remote)
                    opened.Connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, own.Value.Span.ToArray())]));
                told.Add(message);
                break;
            case ConnectionProtocol.ChannelMessages messages when own < _remotes[Sender]:
                told.Add(new Echoed(_remotes[Sender], messages.Messages[0].Payload.ToArray()));
                break;
            case ConnectionProtocol.ChannelMessages messages:
                Sender.Tell(new ConnectionProtocol.SendMessages(messages.Key, messages.Messages));
                break;
            case SwarmProtocol.IEvent:
                told.Add(message);
                break;
        }
    }

    /// <summary>The remote has returned what this side sent.</summary>
    public sealed record Echoed(PublicKey Remote, byte[] Bytes);
}
