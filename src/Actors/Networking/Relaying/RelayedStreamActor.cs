using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>Has one stream paired at a relay, holds the connection to the relay while the stream needs it, and stops.</summary>
internal sealed class RelayedStreamActor : UntypedActor
{
    private const long DialTag = 0;
    private readonly RelayedStreamProtocol.Order _order;
    private readonly RelayedStreamOptions _options;
    private readonly KeyPair _keyPair;
    private readonly RelayClientMachine _machine = new();
    private readonly ChannelKey _channel;
    private ConnectionProtocol.Way? _way;
    private IActorRef? _relay;
    private ICancelable? _timer;
    private bool _isPaired;

    public RelayedStreamActor(RelayedStreamProtocol.Order order, RelayedStreamOptions options, KeyPair keyPair)
    {
        (_order, _options, _keyPair, _channel) = (order, options, keyPair, new ChannelKey(Self));
        Context.Watch(order.Connection);
    }

    /// <param name="order">The stream and its relay.</param>
    /// <param name="options">How long things may take.</param>
    /// <param name="keyPair">By which the relay knows us.</param>
    public static Props Props(RelayedStreamProtocol.Order order, RelayedStreamOptions options, KeyPair keyPair)
        => ActorProps.Of(() => new RelayedStreamActor(order, options, keyPair));

    protected override void PreStart()
    {
        Context.Parent.Tell(new HyperDhtProtocol.Connect(DialTag, _order.Route.Relay, _keyPair) { RelayThrough = [], KeepAlive = _options.KeepAlive });
        RemindIn(_options.PairTimeout);
    }

    protected override void PostStop()
    {
        _timer?.Cancel();
        if (_relay is null)
            Context.Parent.Tell(new HyperDhtProtocol.CancelConnect(DialTag));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HyperDhtProtocol.Connected connected:
                _relay = connected.Connection;
                _relay.Tell(new ConnectionProtocol.GetWay());
                break;
            case ConnectionProtocol.Way way:
                Ask(way);
                break;
            case ConnectionProtocol.ChannelMessages messages when !_isPaired:
                foreach (ChannelMessage received in messages.Messages)
                    Receive(received);
                break;
            case ConnectionProtocol.Moved when _isPaired && Sender.Equals(_order.Connection):
                RemindIn(_options.LeaveAfter);
                break;
            case Terminated:
                Leave(ConnectionProtocol.Destroy.Instance);
                break;
            case Due:
                Leave(_isPaired ? ConnectionProtocol.Close.Instance : ConnectionProtocol.Destroy.Instance);
                break;
            case HyperDhtProtocol.ConnectFailed or ConnectionProtocol.ChannelClosed or ConnectionProtocol.Closed:
                Leave(ConnectionProtocol.Destroy.Instance);
                break;
        }
    }

    private void Ask(ConnectionProtocol.Way way)
    {
        _way = way;
        _order.Connection.Tell(new ConnectionProtocol.UseRelay(way.RemoteAddress, way.Datagrams));
        _relay!.Tell(new ConnectionProtocol.OpenChannel(_channel, RelayMessage.Channel(_keyPair.PublicKey.Value.ToArray())));
        _machine.TryPair(new RelayToken(_order.Route.Token), _order.Route.IsInitiator, _order.StreamId);
        while (_machine.TryTake(out RelayMessage? request))
            _relay.Tell(new ConnectionProtocol.SendMessages(_channel, [new ChannelMessage(request.Type, request.Encode())]));
    }

    private void Receive(ChannelMessage message)
    {
        if (_machine.HandleMessage(message.Type, message.Payload.Span) is not { } paired)
            return;
        _isPaired = true;
        _timer?.Cancel();
        _order.Connection.Tell(new ConnectionProtocol.UseRelay(_way!.RemoteAddress, _way.Datagrams, paired.RemoteStreamId));
        Context.Parent.Tell(new RelayedStreamProtocol.Paired(_order.StreamId));
    }

    private void Leave(ConnectionProtocol.ICommand how)
    {
        _relay?.Tell(how);
        Context.Stop(Self);
    }

    private void RemindIn(TimeSpan delay)
    {
        _timer?.Cancel();
        _timer = Context.System.Scheduler.ScheduleTellOnceCancelable(delay, Self, Due.Instance, Self);
    }

    private sealed record Due
    {
        public static Due Instance { get; } = new();
    }
}
