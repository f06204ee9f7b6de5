using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperswarm.Peers;

namespace AuctionActors.Protocol.Tests.Hyperswarm.Peers;

public sealed class RetryTimerTests
{
    private readonly RetryTimer _timer = new(SwarmNetwork.FastRetries, new SeededEntropy(1, "retry"));
    private readonly SwarmPeer _peer = new(default);

    [Fact]
    public void Peers_added_together_come_back_together_within_one_and_a_third_of_the_delay()
    {
        BulkTimer timer = new(At(500));
        SwarmPeer first = new(default), second = new(default);
        timer.Add(first, At(0));
        timer.Add(second, At(1));
        Assert.Empty(Advance(timer, 329));
        Assert.Empty(Advance(timer, 330));
        Assert.Equal([first, second], Advance(timer, 660));
        Assert.Null(timer.NextDeadline);
    }

    [Fact]
    public void Peers_added_later_come_back_in_a_later_batch()
    {
        BulkTimer timer = new(At(500));
        SwarmPeer first = new(default), second = new(default);
        timer.Add(first, At(0));
        Assert.Empty(Advance(timer, 500));
        timer.Add(second, At(600));
        Assert.Equal([first], Advance(timer, 700));
        Assert.Equal([second], Advance(timer, 1000));
    }

    [Fact]
    public void A_timer_without_peers_has_no_deadline_and_keeps_its_phase()
    {
        BulkTimer timer = new(At(500));
        timer.Add(new SwarmPeer(default), At(0));
        Assert.Single(Advance(timer, 800));
        timer.Add(new SwarmPeer(default), At(10_000));
        Assert.Equal(At(31 * 330), timer.NextDeadline);
    }

    [Fact]
    public void A_proven_peer_comes_back_soon_and_an_unproven_one_later()
    {
        _peer.Connected(At(0));
        _peer.Disconnected(At(15_000), At(0));
        Assert.True(_timer.TryAdd(_peer, At(0)));
        Assert.Same(_peer, Assert.Single(_timer.Advance(At(132))));

        SwarmPeer unproven = new(default);
        unproven.Disconnected(At(15_000), At(132));
        _timer.TryAdd(unproven, At(132));
        Assert.Empty(_timer.Advance(At(132 + 263)));
        Assert.Single(_timer.Advance(At(132 + 264)));
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_given_up_unless_it_was_joined_by_its_key()
    {
        for (int i = 0; i < 3; i++)
        {
            _peer.Disconnected(At(15_000), At(0));
            Assert.True(_timer.TryAdd(_peer, At(0)));
        }

        _peer.Disconnected(At(15_000), At(0));
        Assert.False(_timer.TryAdd(_peer, At(0)));
        _peer.IsExplicit = true;
        Assert.True(_timer.TryAdd(_peer, At(0)));
    }

    [Fact]
    public void Banned_peers_and_those_that_shall_not_reconnect_never_come_back()
    {
        _peer.Reconnects = false;
        Assert.False(_timer.TryAdd(_peer, At(0)));
        _peer.Reconnects = true;
        _peer.IsBanned = true;
        Assert.False(_timer.TryAdd(_peer, At(0)));
        Assert.Null(_timer.NextDeadline);
    }

    [Fact]
    public void The_queue_gives_higher_priorities_first_and_shuffles_equals()
    {
        PeerQueue queue = new(new SeededEntropy(3, "queue"));
        SwarmPeer[] peers = [.. Enumerable.Range(0, 40).Select(number => new SwarmPeer(new PublicKey(Blake2b.Hash256([(byte)number]))))];
        foreach (SwarmPeer peer in peers)
        {
            if (peer.Key.Value.Span[0] < 128)
                peer.Disconnected(At(15_000), At(0));
            Assert.True(peer.TryUpdatePriority());
            queue.Add(peer);
        }

        List<SwarmPeer> taken = [];
        while (queue.TryTake(out SwarmPeer? peer))
            taken.Add(peer);
        Assert.Equal(taken.OrderByDescending(peer => peer.Priority).Select(peer => peer.Priority), taken.Select(peer => peer.Priority));
        Assert.NotEqual(peers.OrderByDescending(peer => peer.Priority), taken);
        Assert.Equal(peers.Length, taken.Distinct().Count());
    }

    private static TimeSpan At(int milliseconds) => SwarmNetwork.Milliseconds(milliseconds);

    private static List<SwarmPeer> Advance(BulkTimer timer, int milliseconds)
    {
        List<SwarmPeer> due = [];
        timer.Advance(At(milliseconds), due);
        return due;
    }
}
