using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Discovery;

/// <summary>Decides whom to dial: every seller of a followed auction, and a few others so that all hang together.</summary>
public sealed class DialPlanner(PublicKey self, DialOptions options)
{
    private readonly Dictionary<PublicKey, Candidate> _known = [];
    private readonly Queue<PublicKey> _dials = [];

    /// <summary>When a failed dial may be repeated.</summary>
    public TimeSpan? NextDeadline { get; private set; }

    public int ConnectedCount => _known.Values.Count(candidate => candidate.Phase == DialPhase.Connected);

    public bool IsConnected(PublicKey peer) => _known.TryGetValue(peer, out Candidate? known) && known.Phase == DialPhase.Connected;

    /// <summary>The next peer to dial.</summary>
    public bool TryTake(out PublicKey peer) => _dials.TryDequeue(out peer);

    public void HandleFound(IEnumerable<PublicKey> peers, TimeSpan now)
    {
        foreach (PublicKey peer in peers)
            Know(peer);
        Plan(now);
    }

    public void HandleSeller(PublicKey seller, TimeSpan now)
    {
        if (Know(seller) is { } candidate)
            candidate.IsSeller = true;
        Plan(now);
    }

    public void HandleConnected(PublicKey peer, bool dialled)
    {
        if (Know(peer) is not { } candidate)
            return;
        candidate.Phase = DialPhase.Connected;
        candidate.IsDialled = dialled;
        candidate.Failures = 0;
    }

    public void HandleDisconnected(PublicKey peer, TimeSpan now) => Fall(peer, now);

    public void HandleFailed(PublicKey peer, TimeSpan now) => Fall(peer, now);

    public void HandleTimeout(TimeSpan now) => Plan(now);

    private Candidate? Know(PublicKey peer)
    {
        if (peer == self)
            return null;
        if (_known.TryGetValue(peer, out Candidate? known))
            return known;
        if (_known.Count >= options.KnownPeers)
            return null;
        var candidate = new Candidate(peer, Blake2b.Hash256(self.Value.Span, peer.Value.Span));
        _known.Add(peer, candidate);
        return candidate;
    }

    private void Fall(PublicKey peer, TimeSpan now)
    {
        if (!_known.TryGetValue(peer, out Candidate? candidate))
            return;
        candidate.Phase = DialPhase.Idle;
        candidate.IsDialled = false;
        candidate.RetryAt = now + Backoff(candidate.Failures++);
        Plan(now);
    }

    private TimeSpan Backoff(int failures)
    {
        TimeSpan wait = options.FirstRetry * Math.Pow(2, Math.Min(failures, 16));
        return wait < options.LongestRetry ? wait : options.LongestRetry;
    }

    private void Plan(TimeSpan now)
    {
        foreach (Candidate seller in _known.Values.Where(candidate => candidate.IsSeller && candidate.CanDial(now)))
            Dial(seller);
        int others = _known.Values.Count(candidate => !candidate.IsSeller && (candidate.IsDialled || candidate.Phase == DialPhase.Dialling));
        foreach (Candidate other in _known.Values.Where(candidate => !candidate.IsSeller && candidate.CanDial(now))
            .OrderBy(candidate => candidate.Rank).Take(Math.Max(0, options.Others - others)).ToArray())
            Dial(other);
        NextDeadline = _known.Values.Where(candidate => candidate.Phase == DialPhase.Idle && candidate.RetryAt > now)
            .Select(candidate => (TimeSpan?)candidate.RetryAt).Min();
    }

    private void Dial(Candidate candidate)
    {
        candidate.Phase = DialPhase.Dialling;
        _dials.Enqueue(candidate.Key);
    }

    private enum DialPhase
    {
        Idle,
        Dialling,
        Connected,
    }

    /// <summary>A known peer; the rank differs for every pair, so that not everybody dials the same few.</summary>
    private sealed class Candidate(PublicKey key, Bytes32 rank)
    {
        public PublicKey Key { get; } = key;

        public Bytes32 Rank { get; } = rank;

        public DialPhase Phase { get; set; }

        public bool IsSeller { get; set; }

        public bool IsDialled { get; set; }

        public int Failures { get; set; }

        public TimeSpan RetryAt { get; set; }

        public bool CanDial(TimeSpan now) => Phase == DialPhase.Idle && RetryAt <= now;
    }
}
