using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>One UDX stream on a port of its own, with nothing on top of it.</summary>
internal sealed class RawStreamActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly UdxStreamMachine _machine;
    private readonly IActorRef _datagrams;
    private readonly DeadlineTimer _timer;
    private readonly ByteCount _received;
    private readonly byte[] _chunk = new byte[StreamHotPath.ChunkBytes];
    private readonly List<IActorRef> _askers = [];
    private ImmutableArray<PeerAddress> _paths = [];
    private PeerAddress? _address;
    private TimeSpan _writeUntil;
    private (IActorRef Asker, PumpFor Order)? _pump;

    public RawStreamActor(PeerRuntime runtime, uint streamId, ByteCount received)
    {
        (_runtime, _received) = (runtime, received);
        _machine = new UdxStreamMachine(new UdxStreamOptions(), streamId);
        _timer = new DeadlineTimer(Context, runtime.Clock);
        _datagrams = Context.ActorOf(DatagramActor.Props(runtime, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)));
        _datagrams.Tell(new DatagramProtocol.AddStream(streamId, Self));
    }

    public static IActorRef Start(IActorRefFactory system, PeerRuntime runtime, uint streamId, ByteCount? received = null)
        => system.ActorOf(Props.Create(() => new RawStreamActor(runtime, streamId, received ?? new ByteCount())));

    protected override void OnReceive(object message)
    {
        TimeSpan now = _runtime.Clock.Now;
        switch (message)
        {
            case DatagramProtocol.Received received:
                foreach (Datagram datagram in received.Batch.Read())
                    _machine.HandleDatagram(datagram.Bytes.Span, now);
                received.Batch.Dispose();
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(now);
                break;
            case DatagramProtocol.Bound bound:
                _address = bound.Address;
                break;
            case GetAddress:
                _askers.Add(Sender);
                break;
            case Connect connect:
                _paths = [connect.Address];
                _machine.Connect(connect.RemoteStreamId, now);
                break;
            case PumpFor order:
                (_pump, _writeUntil) = ((Sender, order), now + order.Duration);
                Write(now);
                break;
        }

        TellAddress();
        Drain(now);
        _timer.Follow(_machine.NextDeadline);
    }

    private void Write(TimeSpan now)
    {
        if (_pump is not { } pump)
            return;
        while (now < _writeUntil)
        {
            if (!_machine.Write(_chunk, now))
                return;
            now = _runtime.Clock.Now;
        }

        _pump = null;
        pump.Asker.Tell(pump.Order);
    }

    private void Drain(TimeSpan now)
    {
        while (_machine.TryTake(out UdxStreamEffect effect))
        {
            switch (effect)
            {
                case UdxStreamEffect.Transmit transmit:
                    _datagrams.Tell(new DatagramProtocol.SendPackets(transmit.Packets, _paths));
                    break;
                case UdxStreamEffect.DataReceived data:
                    _received.Add(data.ByteLength);
                    _machine.BytesRead(data.ByteLength, now);
                    break;
                case UdxStreamEffect.Drained:
                    Write(now);
                    break;
                case UdxStreamEffect.Closed closed:
                    throw new InvalidOperationException($"{closed.Reason}");
            }
        }
    }

    private void TellAddress()
    {
        if (_address is not { } address)
            return;
        foreach (IActorRef asker in _askers)
            asker.Tell(address);
        _askers.Clear();
    }

    public sealed record GetAddress;

    public sealed record Connect(uint RemoteStreamId, PeerAddress Address);
}
