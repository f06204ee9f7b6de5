using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Owns one UDP port: what arrives goes to a connection or to its parent, what it is told goes out.</summary>
public sealed class DatagramActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly DatagramOptions _options;
    private readonly StreamRoutes _routes;
    private IDatagramPort? _port;

    public DatagramActor(PeerRuntime runtime, DatagramOptions options)
    {
        _runtime = runtime;
        _options = options;
        _routes = new StreamRoutes(Context.Parent, Self);
    }

    public static Props Props(PeerRuntime runtime, DatagramOptions options)
        => ActorProps.Of(() => new DatagramActor(runtime, options));

    protected override void PreStart()
    {
        IActorRef owner = Context.Parent;
        Exception? refusal = null;
        foreach (PeerAddress candidate in _options.Candidates)
        {
            try
            {
                _routes.Port = _port = _runtime.Bind(candidate, _routes);
                owner.Tell(new DatagramProtocol.Bound(_port.LocalAddress, _port) { Streams = _routes });
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
            case DatagramProtocol.Send { TimeToLive: > 0 } send:
                _port?.Send(send.Bytes.Span, send.To, send.TimeToLive);
                break;
            case DatagramProtocol.Send send:
                _port?.Send(send.Bytes.Span, send.To);
                break;
            case DatagramProtocol.SendAll all:
                _port?.Send(all.Datagrams.AsSpan());
                break;
            case DatagramProtocol.SendPackets packets:
                _port?.Send(packets.Packets, packets.Paths);
                packets.MarkLeft();
                break;
            case DatagramProtocol.ResizeBuffers resize:
                Sender.Tell(new DatagramProtocol.BuffersResized(_port?.Resize(resize.Wanted) ?? default));
                break;
            case DatagramProtocol.AddStream add:
                _routes.Add(add.StreamId, add.Connection);
                Context.WatchWith(add.Connection, new DatagramProtocol.RemoveStream(add.StreamId));
                break;
            case DatagramProtocol.RemoveStream remove:
                if (_routes.Remove(remove.StreamId) is { } connection)
                    Context.Unwatch(connection);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _port?.Dispose();
}
