using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Which relays to send a handshake to next: known ones one after another, beside them found ones a few at a time.</summary>
internal sealed class RelayAttempts(IReadOnlyList<PeerAddress> known, ConnectOptions options)
{
    private readonly Queue<PeerAddress> _known = new(known.Distinct().Take(options.MaxRelays));
    private readonly Queue<PeerAddress> _found = [];
    private readonly HashSet<PeerAddress> _seen = [.. known.Distinct().Take(options.MaxRelays)];
    private readonly List<PeerAddress> _tried = [];
    private PeerAddress? _knownUnderWay;
    private int _foundUnderWay;
    private bool _isRouteTried;

    /// <summary>The way of an earlier connection; as long as it is there, nothing else is tried.</summary>
    public StreamPath? Route { get; set; }

    /// <summary>Relays that a handshake was sent to.</summary>
    public IReadOnlyList<PeerAddress> Tried => _tried;

    /// <summary>Relays that a walk found, tried or not.</summary>
    public int FoundCount { get; private set; }

    public bool IsIdle => Route is null && _knownUnderWay is null && _foundUnderWay == 0 && _known.Count == 0 && _found.Count == 0;

    public void Find(PeerAddress relay)
    {
        if (_seen.Count >= options.MaxRelays || !_seen.Add(relay))
            return;
        FoundCount++;
        _found.Enqueue(relay);
    }

    public bool TryNext(out PeerAddress relay)
    {
        if (Route is { } route)
        {
            relay = route.Remote;
            return !_isRouteTried && (_isRouteTried = true);
        }

        if (_knownUnderWay is null && _known.TryDequeue(out relay))
            _knownUnderWay = relay;
        else if (_foundUnderWay < options.ParallelHandshakes && _found.TryDequeue(out relay))
            _foundUnderWay++;
        else
        {
            relay = default;
            return false;
        }

        _tried.Add(relay);
        return true;
    }

    public void End(PeerAddress relay)
    {
        if (Route is not null)
            return;
        if (_knownUnderWay == relay)
            _knownUnderWay = null;
        else
            _foundUnderWay--;
    }
}
