using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>Votes on our public address from what others say about it; the last 16 votes count.</summary>
public sealed class NatSampler
{
    private const int Window = 16;

    /// <summary>A vote may share the counter of an equal one among this many votes before it.</summary>
    private const int Reach = 4;

    private readonly Queue<(Votes Address, Votes Host)> _samples = new();
    private Votes? _bestAddress;
    private Votes? _bestHost;

    /// <summary>The agreed address; port 0 when only the host is agreed on; null when nothing is.</summary>
    public PeerAddress? Address { get; private set; }

    /// <summary>Votes in the window.</summary>
    public int Count => _samples.Count;

    /// <summary>Counts one vote and answers how often this very address has been seen.</summary>
    public int Add(PeerAddress address)
    {
        PeerAddress hostOnly = address with { Port = 0 };
        Votes? exact = null, host = null;
        int older = Count - Reach;
        foreach ((Votes Address, Votes Host) sample in _samples)
        {
            if (--older >= 0)
                continue;
            exact = sample.Address.Address == address ? sample.Address : exact;
            host = sample.Host.Address == hostOnly ? sample.Host : host;
        }

        exact ??= new Votes(address);
        host ??= new Votes(hostOnly);
        exact.Hits++;
        host.Hits++;
        if (_samples.Count == Window)
        {
            (Votes oldAddress, Votes oldHost) = _samples.Dequeue();
            oldAddress.Hits--;
            oldHost.Hits--;
        }

        _samples.Enqueue((exact, host));
        if (_bestAddress is null || _bestAddress.Hits < exact.Hits)
            _bestAddress = exact;
        if (_bestHost is null || _bestHost.Hits < host.Hits)
            _bestHost = host;
        Address = _bestAddress.Hits >= Threshold ? _bestAddress.Address : _bestHost.Hits >= Threshold ? _bestHost.Address : null;
        return exact.Hits;
    }

    private int Threshold => Count - (Count < 4 ? 0 : Count < 8 ? 1 : Count < 12 ? 2 : 3);

    private sealed class Votes(PeerAddress address)
    {
        public PeerAddress Address { get; } = address;

        public int Hits { get; set; }
    }
}
