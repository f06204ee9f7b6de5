using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Delivery;

/// <summary>Carries envelopes to other participants at least once; whoever asked settles them.</summary>
public sealed class OutboxActor : ReceiveActor
{
    private readonly OutboxMachine _machine;
    private readonly OutboxOptions _options;
    private readonly IActorRef _peer;
    private readonly DeadlineTimer _timer;
    private readonly RequestNumbers _numbers = new(RequestLane.Outbox);
    private readonly Dictionary<PeerRequestId, Bytes32> _underWay = [];
    private readonly Dictionary<Bytes32, Bytes32> _auctions = [];

    public OutboxActor(PeerRuntime runtime, OutboxOptions options, IActorRef peer)
    {
        _options = options;
        _peer = peer;
        _machine = new OutboxMachine(options, runtime.Entropy);
        _timer = new DeadlineTimer(Context, runtime.Clock);

        Receive<OutboxProtocol.Send>(send => Drive(() =>
        {
            if (_machine.TryAdd(send.Envelope, runtime.Clock.Now))
                _auctions[send.Envelope.Key] = send.Auction;
        }));
        Receive<OutboxProtocol.Settle>(settle => Drive(() => Settle(settle.Envelope)));
        Receive<OutboxProtocol.Reachable>(reachable => Drive(() => _machine.HandleReachable(reachable.Peer, runtime.Clock.Now)));
        Receive<PeerProtocol.RpcReplied>(replied => Drive(() => HandleReply(replied, runtime.Clock.Now)));
        Receive<PeerProtocol.RpcFailed>(failed => Drive(() => HandleFailure(failed, runtime.Clock.Now)));
        Receive<DeadlineTimer.Due>(_ =>
        {
            _timer.Arrived();
            Drive(() => _machine.HandleTimeout(runtime.Clock.Now));
        });
    }

    public static Props Props(PeerRuntime runtime, OutboxOptions options, IActorRef peer)
        => ActorProps.Of(() => new OutboxActor(runtime, options, peer));

    protected override void PostStop() => _timer.Cancel();

    private void Drive(Action step)
    {
        step();
        while (_machine.TryTake(out OutgoingEnvelope envelope))
        {
            PeerRequestId request = _numbers.Next();
            _underWay.Add(request, envelope.Key);
            _peer.Tell(new PeerProtocol.CallRpc(request, envelope.To, envelope.Method, envelope.Value, _options.AnswerWithin));
        }

        _timer.Follow(_machine.NextDeadline);
    }

    private void HandleReply(PeerProtocol.RpcReplied replied, TimeSpan now)
    {
        if (!_underWay.Remove(replied.Request, out Bytes32 key))
            return;
        if (Envelope.TryDecode(replied.Value.Span, out Envelope? answer))
            Context.Parent.Tell(new OutboxProtocol.Answered(answer));
        _machine.HandleFailed(key, now);
    }

    private void HandleFailure(PeerProtocol.RpcFailed failed, TimeSpan now)
    {
        if (!_underWay.Remove(failed.Request, out Bytes32 key))
            return;
        if (failed.Code == AuctionMethods.Refused && _auctions.TryGetValue(key, out Bytes32 auction))
        {
            Settle(key);
            Context.Parent.Tell(new OutboxProtocol.Refused(key, auction, failed.Reason));
        }
        else
        {
            _machine.HandleFailed(key, now);
        }
    }

    private void Settle(Bytes32 key)
    {
        _machine.Settle(key);
        _auctions.Remove(key);
    }
}
