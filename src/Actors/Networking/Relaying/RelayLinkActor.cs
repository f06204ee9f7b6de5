using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Relaying;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>Forwards the packets of one pair of streams to where the two clients are, or to where the first packet of a side came from.</summary>
internal sealed class RelayLinkActor : UntypedActor
{
    private readonly UdxRelayMachine _machine;
    private readonly uint[] _remoteIds;
    private readonly IActorRef?[] _datagrams = new IActorRef?[2];
    private readonly PeerAddress[] _addresses = new PeerAddress[2];
    private readonly bool[] _hasShown = new bool[2];
    private readonly ICancelable _idleCheck;
    private readonly TimeSpan _endWithin;
    private ICancelable? _end;
    private Forwarded _told = new(0, 0);

    public RelayLinkActor(RelayServerEffect.OpenLink order, IReadOnlyList<ConnectionProtocol.Way?> ways, BlindRelayOptions options)
    {
        (_endWithin, TimeSpan idleTimeout) = (options.EndTimeout, options.IdleTimeout);
        _machine = new UdxRelayMachine(order.Initiator.LocalId, order.Responder.LocalId);
        _remoteIds = [order.Initiator.RemoteId, order.Responder.RemoteId];
        foreach (RelaySide side in (RelaySide[])[RelaySide.Left, RelaySide.Right])
        {
            if (ways[(int)side] is { } way)
                Meet(side, way.RemoteAddress, way.Datagrams);
        }

        _idleCheck = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(idleTimeout, idleTimeout, Self, IdleCheck.Instance, Self);
    }

    /// <param name="order">The ids of both ends.</param>
    /// <param name="ways">Where the two clients are, the initiator first, as far as that is known.</param>
    /// <param name="options">How long the link lives.</param>
    public static Props Props(RelayServerEffect.OpenLink order, IReadOnlyList<ConnectionProtocol.Way?> ways, BlindRelayOptions options)
        => ActorProps.Of(() => new RelayLinkActor(order, ways, options));

    protected override void PostStop()
    {
        _idleCheck.Cancel();
        _end?.Cancel();
        TellForwarded();
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
            case IdleCheck when _machine.ForwardedPackets == _told.Packets:
                _machine.Close();
                break;
            case IdleCheck:
                TellForwarded();
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
        if (!_hasShown[(int)from])
            Meet(from, datagram.From, Sender);
        _hasShown[(int)from] = true;
        _machine.HandleDatagram(datagram.Bytes.Span);
        RelaySide to = from == RelaySide.Left ? RelaySide.Right : RelaySide.Left;
        if (_machine.TryTake(out PacketBatch packets))
            _datagrams[(int)to]!.Tell(new DatagramProtocol.SendPackets(packets, [.. _addresses]));
    }

    private void TellForwarded()
    {
        Forwarded now = new(_machine.ForwardedPackets, _machine.ForwardedBytes);
        Context.Parent.Tell(new Forwarded(now.Packets - _told.Packets, now.Bytes - _told.Bytes));
        _told = now;
    }

    /// <summary>To the relay: what went through the link since it was last told.</summary>
    public sealed record Forwarded(long Packets, long Bytes);

    /// <summary>One of the two peers has left: forward what is still on its way, then stop.</summary>
    public sealed record End
    {
        public static End Instance { get; } = new();
    }

    private void Meet(RelaySide side, PeerAddress address, IActorRef datagrams)
    {
        _datagrams[(int)side] = datagrams;
        _addresses[(int)side] = address;
        _machine.Connect(side, _remoteIds[(int)side]);
    }

    private sealed record IdleCheck
    {
        public static IdleCheck Instance { get; } = new();
    }
}
