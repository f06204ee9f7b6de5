using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Dht.Dialling;

/// <summary>Where servers were found the last time; the server remembered longest makes room.</summary>
internal sealed class RelayCache(int capacity)
{
    private readonly Dictionary<PublicKey, ImmutableArray<PeerAddress>> _relays = [];
    private readonly Queue<PublicKey> _order = [];

    public ImmutableArray<PeerAddress> Get(PublicKey server)
        => _relays.TryGetValue(server, out ImmutableArray<PeerAddress> relays) ? relays : [];

    public void Set(PublicKey server, ImmutableArray<PeerAddress> relays)
    {
        if (!_relays.ContainsKey(server))
        {
            _order.Enqueue(server);
            if (_order.Count > capacity)
                _relays.Remove(_order.Dequeue());
        }

        _relays[server] = relays;
    }
}
