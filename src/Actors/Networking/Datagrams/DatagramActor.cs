using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Owns one UDP port: what arrives goes to its parent, what it is told goes out.</summary>
public sealed class DatagramActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly DatagramOptions _options;
    private IDatagramPort? _port;

    public DatagramActor(PeerRuntime runtime, DatagramOptions options)
    {
        _runtime = runtime;
        _options = options;
    }

    public static Props Props(PeerRuntime runtime, DatagramOptions options)
        => Akka.Actor.Props.Create(() => new DatagramActor(runtime, options));

    protected override void PreStart()
    {
        IActorRef owner = Context.Parent;
        Exception? refusal = null;
        foreach (PeerAddress candidate in _options.Candidates)
        {
            try
            {
                _port = _runtime.Bind(candidate, new Receiver(owner, Self));
                owner.Tell(new DatagramProtocol.Bound(_port.LocalAddress));
                return;
            }
            catch (IOException error)
            {
                refusal = error;
            }
        }

        owner.Tell(new DatagramProtocol.BindFailed(_options.Candidates.FirstOrDefault(), refusal?.Message ?? "no port was given"));
        Context.Stop(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DatagramProtocol.Send send:
                _port?.Send(send.Bytes.Span, send.To);
                break;
            case DatagramProtocol.SendAll all:
                _port?.Send(all.Datagrams.AsSpan());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _port?.Dispose();

    private sealed class Receiver(IActorRef owner, IActorRef self) : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch) => owner.Tell(new DatagramProtocol.Received(batch), self);
    }
}
