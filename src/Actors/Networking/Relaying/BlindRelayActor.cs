using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>A blind relay on a DHT node of its own: pairs streams of peers that cannot reach each other.</summary>
public sealed class BlindRelayActor : UntypedActor
{
    private const string Protocol = "blind-relay";
    private readonly BlindRelayOptions _options;
    private readonly IActorRef _owner;
    private readonly IActorRef _dht;
    private readonly RelayServerMachine _machine;
    private readonly RelaySessions _sessions;
    private readonly Dictionary<RelayLinkId, IActorRef> _links = [];
    private DhtNodeProtocol.NodeBound? _sockets;
    private bool _isReady;

    public BlindRelayActor(PeerRuntime runtime, BlindRelayOptions options, IActorRef owner)
    {
        (_options, _owner) = (options, owner);
        IEntropy streams = runtime.For("relay").Entropy;
        _machine = new RelayServerMachine(options.Limits, streams.NextUInt32);
        _sessions = new RelaySessions(Self);
        _dht = Context.Watch(Context.ActorOf(HyperDhtActor.Props(runtime.For("dht"), options.Dht), "dht"));
        _dht.Tell(new HyperDhtProtocol.Listen(options.KeyPair, Self)
        {
            Preamble = [new ConnectionProtocol.ListenChannel(Protocol, null, Self)],
        });
    }

    /// <param name="runtime">The seams of this relay alone.</param>
    /// <param name="options">Under which key it is found and how much it carries.</param>
    /// <param name="owner">Hears the events of <see cref="BlindRelayProtocol"/>.</param>
    public static Props Props(PeerRuntime runtime, BlindRelayOptions options, IActorRef owner)
        => ActorProps.Of(() => new BlindRelayActor(runtime, options, owner));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BlindRelayProtocol.GetLoad:
                Sender.Tell(new BlindRelayProtocol.Load(_sessions.Count, _machine.Waiting, _machine.Links, _machine.Dropped, _machine.Statistics.Copy()));
                break;
            case ConnectionProtocol.PairRequested requested when _sessions.Count < _options.MaxSessions:
                _machine.AddSession(_sessions.Add(Sender, requested.Id));
                break;
            case ConnectionProtocol.PairRequested requested:
                Sender.Tell(new ConnectionProtocol.DeclineChannel(requested.Protocol, requested.Id));
                break;
            case ConnectionProtocol.Way way:
                _sessions.NoteWay(Sender, way);
                break;
            case ConnectionProtocol.ChannelMessages messages:
                foreach (ChannelMessage received in messages.Messages)
                    _machine.HandleMessage(new RelaySessionId(messages.Key.Number), received.Type, received.Payload.Span);
                break;
            case ConnectionProtocol.ChannelClosed closed:
                if (_sessions.Remove(new RelaySessionId(closed.Key.Number)))
                    _machine.RemoveSession(new RelaySessionId(closed.Key.Number));
                break;
            case RelayLinkActor.Forwarded forwarded:
                _machine.Statistics.AddForwarded(forwarded.Packets, forwarded.Bytes);
                break;
            case LinkEnded ended:
                _links.Remove(ended.Link);
                _machine.HandleLinkEnded(ended.Link);
                break;
            case HyperDhtProtocol.Listening when !_isReady:
                _isReady = true;
                _owner.Tell(new BlindRelayProtocol.Ready(_options.KeyPair.PublicKey));
                break;
            case DhtNodeProtocol.NodeBound bound:
                _sockets = bound;
                break;
            case DhtNodeProtocol.BindFailed failed:
                _owner.Tell(new BlindRelayProtocol.BindFailed(failed.Reason));
                Context.Stop(Self);
                break;
            case DhtNodeProtocol.Stop:
                _dht.Tell(message);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
        }

        Drain();
    }

    private void Drain()
    {
        while (_machine.TryTake(out RelayServerEffect? effect))
        {
            switch (effect)
            {
                case RelayServerEffect.OpenLink open:
                    Open(open);
                    break;
                case RelayServerEffect.EndLink end when _links.TryGetValue(end.Link, out IActorRef? ending):
                    ending.Tell(RelayLinkActor.End.Instance);
                    break;
                case RelayServerEffect.CloseLink close when _links.Remove(close.Link, out IActorRef? link):
                    Context.Stop(link);
                    break;
                case RelayServerEffect.Send send:
                    _sessions.Send(send.Session, send.Message);
                    break;
            }
        }
    }

    private void Open(RelayServerEffect.OpenLink open)
    {
        ConnectionProtocol.Way?[] ways = [.. Ends(open).Select(end => _sessions.WayOf(end.Session))];
        IActorRef link = Context.ActorOf(RelayLinkActor.Props(open, ways, _options), $"link-{open.Link.Number}");
        _links.Add(open.Link, Context.WatchWith(link, new LinkEnded(open.Link)));
        foreach (RelayEnd end in Ends(open))
        {
            _sockets!.ServerSocket.Tell(new DatagramProtocol.AddStream(end.LocalId, link));
            _sockets.ClientSocket?.Tell(new DatagramProtocol.AddStream(end.LocalId, link));
        }
    }

    private static RelayEnd[] Ends(RelayServerEffect.OpenLink open) => [open.Initiator, open.Responder];

    private sealed record LinkEnded(RelayLinkId Link);
}
