using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class MessageIdsTests
{
    private static readonly PeerAddress From = PeerAddress.Loopback(1), To = PeerAddress.Loopback(2);

    [Fact]
    public void Copies_of_equal_datagrams_are_numbered_while_they_are_remembered()
    {
        MessageIds ids = new(remembered: 2);
        Assert.Equal([0, 1, 0, 2], new byte[] { 1, 1, 2, 1 }.Select(value => (int)ids.Next(From, To, [value]).Copy));
        ids.Next(From, To, [3]);
        Assert.Equal(0, ids.Next(From, To, [1]).Copy);
    }

    [Fact]
    public void Actors_that_share_a_port_may_count_at_the_same_time()
    {
        const int Threads = 4, Each = 20_000;
        MessageIds ids = new(remembered: 64);
        var seen = new HashSet<MessageId>[Threads];
        Parallel.For(0, Threads, thread =>
        {
            seen[thread] = [];
            for (int i = 0; i < Each; i++)
                seen[thread].Add(ids.Next(From, To, [(byte)i, (byte)thread, (byte)(i >> 8)]));
        });
        Assert.All(seen, ofThread => Assert.Equal(Each, ofThread.Count));
    }
}
