using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>How long the answers of each node have taken, and how long the next one is awaited; in whole milliseconds, as upstream's.</summary>
internal sealed class AdaptiveTimeouts(AdaptiveTimeoutOptions options, IEntropy entropy)
{
    /// <summary>A node is forgotten at the second turn of the generations.</summary>
    private readonly TimeSpan _period = options.Lifetime * 2 / 3;
    private Dictionary<PeerAddress, RoundTrips> _latest = [];
    private Dictionary<PeerAddress, RoundTrips> _oldest = [];
    private TimeSpan? _nextTurn;

    /// <summary>Nodes that are remembered.</summary>
    public int Count => _latest.Count + _oldest.Count;

    public void Note(PeerAddress node, TimeSpan roundTrip, TimeSpan now)
    {
        int sample = (int)Math.Clamp(roundTrip.TotalMilliseconds, 0, int.MaxValue / 8);
        RoundTrips known = Find(node, now) is { } before ? before.With(sample) : new RoundTrips(sample, sample >> 1);
        Keep(node, known, now);
    }

    /// <summary>How long an answer is awaited after a request has been sent so many times.</summary>
    public TimeSpan After(PeerAddress node, int sendCount, TimeSpan now)
    {
        double jitter = Math.Floor(entropy.NextDouble() * options.Jitter.TotalMilliseconds);
        if (Find(node, now) is not { } known)
            return options.Unknown[Math.Min(sendCount, options.Unknown.Length) - 1] + TimeSpan.FromMilliseconds(jitter);
        double wanted = ((double)known.Average + 2 * known.Deviation) * sendCount + jitter;
        return TimeSpan.FromMilliseconds(Math.Min(Math.Max(wanted, options.Shortest.TotalMilliseconds), options.Longest.TotalMilliseconds));
    }

    // Asking for an old one renews it.
    private RoundTrips? Find(PeerAddress node, TimeSpan now)
    {
        _nextTurn ??= now + _period;
        if (now >= _nextTurn + _period)
            _latest = [];
        if (now >= _nextTurn)
            Turn(now);
        if (_latest.TryGetValue(node, out RoundTrips known))
            return known;
        if (!_oldest.Remove(node, out known))
            return null;
        Keep(node, known, now);
        return known;
    }

    private void Keep(PeerAddress node, RoundTrips known, TimeSpan now)
    {
        _latest[node] = known;
        if (_latest.Count >= options.MaxNodes)
            Turn(now);
    }

    private void Turn(TimeSpan now)
    {
        (_oldest, _latest) = (_latest, []);
        _nextTurn = now + _period;
    }

    private readonly record struct RoundTrips(int Average, int Deviation)
    {
        public RoundTrips With(int sample)
            => new(Average + ((sample - Average) >> 3), Deviation + ((Math.Abs(Average - sample) - Deviation) >> 2));
    }
}
