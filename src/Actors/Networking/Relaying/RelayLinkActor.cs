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
    private long _forwardedThen;

    public RelayLinkActor(RelayServerEffect.OpenLink order, TimeSpan idleTimeout)
    {
        _machine = new UdxRelayMachine(order.Initiator.LocalId, order.Responder.LocalId);
        _remoteIds = [order.Initiator.RemoteId, order.Responder.RemoteId];
        _idleCheck = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(idleTimeout, idleTimeout, Self, IdleCheck.Instance, Self);
    }

    public static Props Props(RelayServerEffect.OpenLink order, TimeSpan idleTimeout)
        => ActorProps.Of(() => new RelayLinkActor(order, idleTimeout));

    protected override void PostStop() => _idleCheck.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DatagramProtocol.Received received:
                foreach (Datagram datagram in received.Batch.Read())
                    Forward(datagram);
                received.Batch.Dispose();
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

    private sealed record IdleCheck
    {
        public static IdleCheck Instance { get; } = new();
    }
}
