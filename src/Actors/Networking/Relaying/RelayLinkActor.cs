using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Relaying;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>Forwards the packets of one pair of streams, each side from the moment at which its first packet has shown where it is.</summary>
internal sealed class RelayLinkActor : UntypedActor
{
    private readonly UdxRelayMachine _machine;
    private readonly uint[] _remoteIds;
    private readonly IActorRef?[] _datagrams = new IActorRef?[2];
    private readonly PeerAddress[] _addresses = new PeerAddress[2];
    private readonly ICancelable _idleCheck;
    private readonly TimeSpan _endWithin;
    private ICancelable? _end;
    private long _forwardedThen;

    public RelayLinkActor(RelayServerEffect.OpenLink order, BlindRelayOptions options)
    {
        (_endWithin, TimeSpan idleTimeout) = (options.EndTimeout, options.IdleTimeout);
        _machine = new UdxRelayMachine(order.Initiator.LocalId, order.Responder.LocalId);
        _remoteIds = [order.Initiator.RemoteId, order.Responder.RemoteId];
        _idleCheck = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(idleTimeout, idleTimeout, Self, IdleCheck.Instance, Self);
    }

    public static Props Props(RelayServerEffect.OpenLink order, BlindRelayOptions options)
        => ActorProps.Of(() => new RelayLinkActor(order, options));

    protected override void PostStop()
    {
        _idleCheck.Cancel();
        _end?.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DatagramProtocol.Received received:
                foreach (Datagram datagram in received.Batch.Read())
                    Forward(datagram);
                received.Batch.Dispose();
                break;
            case End:
                _end ??= Context.System.Scheduler.ScheduleTellOnceCancelable(_endWithin, Self, PoisonPill.Instance, Self);
                break;
            case IdleCheck when _machine.ForwardedPackets == _forwardedThen:
                _machine.Close();
                break;
            case IdleCheck:
                _forwardedThen = _machine.ForwardedPackets;
                break;
        }

        if (_machine.IsClosed)
            Context.Stop(Self);
    }

    private void Forward(Datagram datagram)
    {
        if (!PacketCodec.TryPeekStreamId(datagram.Bytes.Span, out uint streamId))
            return;
        RelaySide from = streamId == _machine.LeftId ? RelaySide.Left : RelaySide.Right;
        if (_datagrams[(int)from] is null)
        {
            _datagrams[(int)from] = Sender;
            _addresses[(int)from] = datagram.From;
            _machine.Connect(from, _remoteIds[(int)from]);
        }

        _machine.HandleDatagram(datagram.Bytes.Span);
        RelaySide to = from == RelaySide.Left ? RelaySide.Right : RelaySide.Left;
        if (_machine.TryTake(out PacketBatch packets))
            _datagrams[(int)to]!.Tell(new DatagramProtocol.SendPackets(packets, [.. _addresses]));
    }

    /// <summary>One of the two peers has left: forward what is still on its way, then stop.</summary>
    public sealed record End
    {
        public static End Instance { get; } = new();
    }

    private sealed record IdleCheck
    {
        public static IdleCheck Instance { get; } = new();
    }
}
