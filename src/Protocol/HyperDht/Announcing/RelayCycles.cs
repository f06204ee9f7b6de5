using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Announcing;

/// <summary>The relays of this cycle and of the two before, which clients may still come through.</summary>
internal sealed class RelayCycles
{
    private List<HolepunchRelay> _current = [];
    private List<HolepunchRelay> _previous = [];
    private List<HolepunchRelay> _oldest = [];

    public IReadOnlyList<HolepunchRelay> Current => _current;

    /// <summary>Relays of the previous cycle that were not chosen again.</summary>
    public IEnumerable<PeerAddress> Dropped
        => _previous.Select(relay => relay.RelayAddress).Except(_current.Select(relay => relay.RelayAddress));

    public void Add(HolepunchRelay relay) => _current.Add(relay);

    public bool Contains(PeerAddress address)
        => _current.Concat(_previous).Concat(_oldest).Any(relay => relay.RelayAddress == address);

    public void Turn()
    {
        (_oldest, _previous, _current) = (_previous, _current, []);
    }
}
