using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.Kernel;

/// <summary>Pings a partner with drawn nonces until enough pongs are in; asks again when one does not come.</summary>
internal sealed class EchoActor : UntypedActor
{
    private const byte Ping = 1;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(40);
    private readonly PeerRuntime _runtime;
    private readonly PeerAddress _local;
    private readonly Action<PeerAddress, int> _progress;
    private IDatagramPort? _port;
    private PeerAddress? _partner;
    private ICancelable? _timeout;
    private uint _nonce;
    private int _pongs;

    public EchoActor(PeerRuntime runtime, PeerAddress local, Action<PeerAddress, int> progress)
        => (_runtime, _local, _progress) = (runtime, local, progress);

    public static Props Props(PeerRuntime runtime, PeerAddress local, Action<PeerAddress, int> progress)
        => Akka.Actor.Props.Create(() => new EchoActor(runtime, local, progress));

    public sealed record Play(PeerAddress Partner);

    protected override void PreStart()
    {
        _port = _runtime.Bind(_local, new TellReceiver(Self));
        _progress(_port.LocalAddress, 0);
    }

    protected override void PostStop()
    {
        _timeout?.Cancel();
        _port?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Play play:
                _partner = play.Partner;
                SendPing();
                break;
            case DatagramBatch batch:
                foreach (Datagram datagram in batch.Read())
                    Handle(datagram);
                batch.Dispose();
                break;
            case uint nonce when nonce == _nonce:
                SendPing();
                break;
        }
    }

    private void Handle(Datagram datagram)
    {
        ReadOnlySpan<byte> bytes = datagram.Bytes.Span;
        if (bytes[0] == Ping)
        {
            _port!.Send([2, .. bytes[1..]], datagram.From);
        }
        else if (BitConverter.ToUInt32(bytes[1..]) == _nonce)
        {
            _runtime.Events.Record(new EventEntry(EventKind.DhtPing) { Text = $"pong {++_pongs}" });
            _progress(_local, _pongs);
            SendPing();
        }
    }

    private void SendPing()
    {
        _nonce = _runtime.Entropy.NextUInt32();
        _port!.Send([Ping, .. BitConverter.GetBytes(_nonce)], _partner!.Value);
        _timeout?.Cancel();
        _timeout = Context.System.Scheduler.ScheduleTellOnceCancelable(Timeout, Self, _nonce, Self);
    }

    private sealed class TellReceiver(IActorRef self) : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch) => self.Tell(batch);
    }
}
