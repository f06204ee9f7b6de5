using Akka.Dispatch;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Runtime;

/// <summary>What one peer may use of the outside world; handed down through Props.</summary>
/// <param name="Name">Name of the peer in logs and reports.</param>
/// <param name="Clock">The peer's clock.</param>
/// <param name="Entropy">The peer's only randomness; for one actor at a time, so take a part with <see cref="For"/>.</param>
/// <param name="Ports">Where the peer binds UDP ports.</param>
/// <param name="Files">Where the peer keeps its folders.</param>
/// <param name="Events">Where the peer's events go.</param>
public sealed record PeerRuntime(string Name, IClock Clock, IEntropy Entropy, IDatagramPorts Ports, IFileStore Files, IEventRecorder Events)
{
    /// <summary>Where the peer looks up hosts.</summary>
    public IHostNames Names { get; init; } = NoHostNames.Instance;

    /// <summary>Dispatcher of the actors that handle datagrams and never wait.</summary>
    public string NetworkDispatcher { get; init; } = Dispatchers.DefaultDispatcherId;

    /// <summary>Dispatcher of the actors between datagrams and their users, which never wait either but may have much to compute.</summary>
    public string ConnectionDispatcher { get; init; } = Dispatchers.DefaultDispatcherId;

    /// <summary>The same runtime with a generator of its own for one actor, so that draws of siblings do not shift each other.</summary>
    public PeerRuntime For(string part)
        => Entropy is SeededEntropy seeded ? this with { Entropy = seeded.Derive(part) } : this;

    /// <summary>Binds a port whose traffic is recorded.</summary>
    public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
        => Events.Records(EventKind.NetSend) ? RecordedDatagramPort.Bind(this, local, receiver) : Ports.Bind(local, receiver);
}
