using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>Peers that are dialled again later: soon after the first failure, then later and later, then never.</summary>
internal sealed class RetryTimer
{
    private const int Short = 0, Middle = 1, Long = 2, Extra = 3;
    private static readonly int[] JitterShares = [1, 2, 4, 240];
    private readonly BulkTimer[] _levels;

    public RetryTimer(HyperswarmOptions options, IEntropy entropy)
        => _levels =
        [
            .. Enumerable.Range(Short, Extra + 1).Select(level => new BulkTimer(
                options.RetryBackoffs[level]
                + (options.RetryJitter * JitterShares[level] * entropy.NextDouble())
                + (options.RetryJitter * entropy.NextDouble()))),
        ];

    public TimeSpan? NextDeadline => _levels.Min(level => level.NextDeadline);

    /// <summary>False when the peer is not to be dialled again.</summary>
    public bool TryAdd(SwarmPeer peer, TimeSpan now)
    {
        if (LevelOf(peer) is not { } level)
            return false;
        _levels[level].Add(peer, now);
        peer.IsWaiting = true;
        return true;
    }

    /// <summary>The peers whose time has come.</summary>
    public List<SwarmPeer> Advance(TimeSpan now)
    {
        List<SwarmPeer> due = [];
        foreach (BulkTimer level in _levels)
            level.Advance(now, due);
        foreach (SwarmPeer peer in due)
            peer.IsWaiting = false;
        return due;
    }

    /// <summary>Nobody waits any more.</summary>
    public IReadOnlyList<SwarmPeer> Clear()
    {
        SwarmPeer[] all = [.. _levels.SelectMany(level => level.TakeAll())];
        foreach (SwarmPeer peer in all)
            peer.IsWaiting = false;
        return all;
    }

    private static int? LevelOf(SwarmPeer peer)
    {
        if (peer.IsBanned || !peer.Reconnects)
            return null;
        return peer.Attempts switch
        {
            0 => Short,
            1 => peer.IsProven ? Short : Middle,
            2 => peer.IsProven ? Middle : Long,
            3 => Long,
            _ => peer.IsExplicit ? Extra : null,
        };
    }
}
