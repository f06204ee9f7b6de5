using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc.Requests;

public sealed class AdaptiveTimeoutTests
{
    private static readonly PeerAddress Near = PeerAddress.Loopback(1), Far = PeerAddress.Loopback(2);
    private static readonly AdaptiveTimeoutOptions Exact = new() { Jitter = TimeSpan.Zero };
    private readonly SeededEntropy _entropy = new(1, "timeouts");

    [Fact]
    public void A_node_that_has_not_answered_is_awaited_longer_after_each_send()
    {
        AdaptiveTimeouts timeouts = new(Exact, _entropy);
        Assert.Equal([250, 500, 1000, 2000, 4000, 4000], Enumerable.Range(1, 6).Select(count => After(timeouts, Far, count)));
    }

    [Fact]
    public void A_node_that_is_known_is_awaited_as_long_as_its_answers_take_and_within_limits()
    {
        AdaptiveTimeouts timeouts = new(Exact, _entropy);
        timeouts.Note(Near, TimeSpan.FromMilliseconds(7.9), TimeSpan.Zero);
        Assert.Equal(300, After(timeouts, Near, 1));
        timeouts.Note(Far, TimeSpan.FromMilliseconds(400), TimeSpan.Zero);
        Assert.Equal([800, 1600, 2400, 3200, 4000, 4000], Enumerable.Range(1, 6).Select(count => After(timeouts, Far, count)));
        timeouts.Note(Far, TimeSpan.FromMilliseconds(240), TimeSpan.Zero);
        Assert.Equal(380 + 2 * 190, After(timeouts, Far, 1));
    }

    [Fact]
    public void What_is_sent_again_is_spread()
    {
        AdaptiveTimeouts timeouts = new(new AdaptiveTimeoutOptions(), _entropy);
        timeouts.Note(Far, TimeSpan.FromMilliseconds(400), TimeSpan.Zero);
        int[] times = [.. Enumerable.Range(0, 5000).Select(_ => After(timeouts, Far, 1))];
        Assert.Equal((800, 1055), (times.Min(), times.Max()));
    }

    [Fact]
    public void A_node_that_is_not_asked_any_more_is_forgotten_and_no_more_than_so_many_are_remembered()
    {
        AdaptiveTimeouts timeouts = new(Exact with { MaxNodes = 4 }, _entropy);
        timeouts.Note(Far, TimeSpan.FromMilliseconds(400), TimeSpan.Zero);
        Assert.Equal(800, After(timeouts, Far, 1, TimeSpan.FromMinutes(13)));
        Assert.Equal(800, After(timeouts, Far, 1, TimeSpan.FromMinutes(20)));
        Assert.Equal(250, After(timeouts, Far, 1, TimeSpan.FromMinutes(40)));
        for (int node = 1; node <= 100; node++)
            timeouts.Note(PeerAddress.Loopback(node), TimeSpan.FromMilliseconds(400), TimeSpan.FromMinutes(40));
        Assert.InRange(timeouts.Count, 4, 8);
        for (int last = 101; last <= 200; last++)
        {
            for (int node = 1; node < last; node++)
                After(timeouts, PeerAddress.Loopback(node), 1, TimeSpan.FromMinutes(40));
            timeouts.Note(PeerAddress.Loopback(last), TimeSpan.FromMilliseconds(400), TimeSpan.FromMinutes(40));
        }

        Assert.InRange(timeouts.Count, 4, 8);
    }

    [Fact]
    public void A_request_is_repeated_sooner_where_answers_come_soon_if_the_node_shall_adapt()
    {
        DhtNodeMachine plain = Machine(null), adapting = Machine(Exact);
        Assert.Equal(TimeSpan.FromSeconds(1), Repeats(plain, DhtCommand.Ping));
        Assert.Equal(TimeSpan.FromMilliseconds(250), Repeats(adapting, DhtCommand.Ping));
        Assert.Equal(TimeSpan.FromSeconds(9), Repeats(adapting, DhtCommand.Ping, TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void Answers_that_came_after_two_sends_at_most_are_learned_from()
    {
        DhtNodeMachine node = Machine(Exact);
        Answer(node, TimeSpan.FromMilliseconds(200), sends: 1);
        Assert.Equal(TimeSpan.FromMilliseconds(400), Repeats(node, DhtCommand.Ping));
        Answer(node, TimeSpan.FromMilliseconds(1900), sends: 3);
        Assert.Equal(TimeSpan.FromMilliseconds(400), Repeats(node, DhtCommand.Ping));
    }

    private static int After(AdaptiveTimeouts timeouts, PeerAddress node, int count, TimeSpan now = default)
        => (int)timeouts.After(node, count, now).TotalMilliseconds;

    private DhtNodeMachine Machine(AdaptiveTimeoutOptions? adaptive)
        => new(new DhtNodeOptions { Requests = new RequestBookOptions { AdaptiveTimeout = adaptive } }, _entropy);

    // The machine has no other deadline than that of its requests before it starts.
    private static TimeSpan Repeats(DhtNodeMachine machine, DhtCommand command, TimeSpan? after = null)
    {
        RequestId request = machine.Send(new OutgoingRequest(Far, command) { RetryAfter = after }, TimeSpan.Zero);
        TimeSpan due = machine.NextDeadline!.Value;
        machine.Cancel(request, TimeSpan.Zero);
        Sent(machine);
        return due;
    }

    private static void Answer(DhtNodeMachine machine, TimeSpan at, int sends)
    {
        machine.Send(new OutgoingRequest(Far, DhtCommand.Ping), TimeSpan.Zero);
        while (sends-- > 1)
            machine.HandleTimeout(machine.NextDeadline!.Value);
        DhtRequest request = Sent(machine);
        machine.HandleDatagram(DhtMessageCodec.Encode(new DhtReply(request.TransactionId, Near)), Far, LocalSocket.Client, at);
        while (machine.TryTake(out _))
        {
        }
    }

    private static DhtRequest Sent(DhtNodeMachine machine)
    {
        DhtRequest? sent = null;
        while (machine.TryTake(out DhtNodeEffect? effect))
        {
            if (effect is DhtNodeEffect.Transmit transmit && DhtMessageCodec.TryDecode(transmit.Datagram.Span, out DhtMessage? message))
                sent = message as DhtRequest;
        }

        return sent!;
    }
}
