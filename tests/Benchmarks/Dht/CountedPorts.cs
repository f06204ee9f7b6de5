using System.Collections.Concurrent;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Benchmarks.Dht;

/// <summary>Ports whose datagrams are counted together.</summary>
internal sealed class CountedPorts(IDatagramPorts ports) : IDatagramPorts
{
    private readonly ConcurrentBag<IDatagramPort> _bound = [];

    /// <summary>Datagrams that any of them has sent.</summary>
    public long Sent => _bound.Sum(port => port.Counters.SentDatagrams);

    public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
    {
        IDatagramPort port = ports.Bind(local, receiver);
        _bound.Add(port);
        return port;
    }

    public IReadOnlyList<uint> FindLocalHosts() => ports.FindLocalHosts();
}
