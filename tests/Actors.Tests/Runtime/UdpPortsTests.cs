using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class UdpPortsTests
{
    private readonly UdpPorts _ports = new();

    [Fact]
    public void Datagrams_arrive_in_order_with_the_address_of_their_sender()
    {
        var collector = new BatchCollector();
        using IDatagramPort receiver = _ports.Bind(PeerAddress.Loopback(0), collector);
        using IDatagramPort sender = _ports.Bind(PeerAddress.Loopback(0), new BatchCollector());

        PeerAddress to = receiver.LocalAddress;
        sender.Send([new OutgoingDatagram(new byte[] { 1 }, to), new OutgoingDatagram(new byte[] { 2, 2 }, to)]);
        sender.Send([3], receiver.LocalAddress);

        Assert.Equal((sender.LocalAddress, [1]), collector.Next(), Same);
        Assert.Equal((sender.LocalAddress, [2, 2]), collector.Next(), Same);
        Assert.Equal((sender.LocalAddress, [3]), collector.Next(), Same);
        Assert.Equal((3, 4), (sender.Counters.SentDatagrams, sender.Counters.SentBytes));
    }

    [Fact]
    public void A_burst_after_single_datagrams_arrives_whole_and_in_order()
    {
        var collector = new BatchCollector();
        using IDatagramPort port = _ports.Bind(PeerAddress.Loopback(0), collector);
        byte last = 0;
        foreach (int count in (int[])[1, 1, 100, 1, 2, 40, 1])
        {
            byte[] burst = [.. Enumerable.Range(0, count).Select(_ => last++)];
            port.Send([.. burst.Select(number => new OutgoingDatagram(new byte[1 + (number % 3)].Select(_ => number).ToArray(), port.LocalAddress))]);
            Assert.Equal(burst, burst.Select(_ => collector.Next().Bytes[0]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_system_grants_buffers_of_the_sizes_that_are_asked_for(bool usesBatchedCalls)
    {
        UdpOptions small = new() { UsesBatchedCalls = usesBatchedCalls, ReceiveBufferBytes = 16_384, SendBufferBytes = 32_768 };
        using IDatagramPort port = new UdpPorts(small).Bind(PeerAddress.Loopback(0), new BatchCollector());
        Assert.InRange(port.Buffers.ReceiveBytes, 16_384, 65_535); // Linux doubles what is asked for
        Assert.InRange(port.Buffers.SendBytes, 32_768, 65_536);

        UdpOptions usual = UdpOptions.Default with { UsesBatchedCalls = usesBatchedCalls };
        using IDatagramPort larger = new UdpPorts(usual).Bind(PeerAddress.Loopback(0), new BatchCollector());
        Assert.InRange(larger.Buffers.ReceiveBytes, port.Buffers.ReceiveBytes + 1, int.MaxValue);
        Assert.InRange(larger.Buffers.SendBytes, port.Buffers.SendBytes + 1, int.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_buffer_of_a_bound_port_can_be_resized(bool usesBatchedCalls)
    {
        var collector = new BatchCollector();
        using IDatagramPort port = new UdpPorts(new UdpOptions { UsesBatchedCalls = usesBatchedCalls }).Bind(PeerAddress.Loopback(0), collector);
        DatagramBuffers usual = port.Buffers;
        DatagramBuffers received = port.Resize(new DatagramBuffers(16_384, 0));
        Assert.InRange(received.ReceiveBytes, 16_384, 65_535); // Linux doubles what is asked for
        Assert.Equal(usual.SendBytes, received.SendBytes);
        DatagramBuffers sent = port.Resize(new DatagramBuffers(0, 32_768));
        Assert.InRange(sent.SendBytes, 32_768, 65_536);
        Assert.Equal((received.ReceiveBytes, sent), (sent.ReceiveBytes, port.Buffers));

        port.Send([1], port.LocalAddress);
        Assert.Equal([1], collector.Next().Bytes);
        port.Dispose();
        Assert.Equal(default, port.Resize(usual));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_datagram_may_have_a_time_to_live_of_its_own(bool usesBatchedCalls)
    {
        var collector = new BatchCollector();
        using IDatagramPort port = new UdpPorts(new UdpOptions { UsesBatchedCalls = usesBatchedCalls }).Bind(PeerAddress.Loopback(0), collector);
        Assert.Equal(default, port.Counters);
        port.Send([1], port.LocalAddress, timeToLive: 5);
        port.Send([2], port.LocalAddress);
        Assert.Equal([1], collector.Next().Bytes);
        Assert.Equal([2], collector.Next().Bytes);
        Assert.Equal((2, 2), (port.Counters.SentDatagrams, port.Counters.SentBytes));
    }

    [Fact]
    public void A_busy_port_is_refused_by_name_and_free_again_after_dispose()
    {
        IDatagramPort first = _ports.Bind(PeerAddress.Loopback(0), new BatchCollector());
        PeerAddress address = first.LocalAddress;

        var error = Assert.Throws<PortInUseException>(() => _ports.Bind(address, new BatchCollector()));
        Assert.Equal(address, error.Address);

        first.Dispose();
        _ports.Bind(address, new BatchCollector()).Dispose();
    }

    [Fact]
    public void A_datagram_to_a_closed_port_does_no_harm()
    {
        IDatagramPort closed = _ports.Bind(PeerAddress.Loopback(0), new BatchCollector());
        closed.Dispose();
        closed.Send([1], closed.LocalAddress);

        var collector = new BatchCollector();
        using IDatagramPort port = _ports.Bind(PeerAddress.Loopback(0), collector);
        port.Send([1], closed.LocalAddress);
        port.Send([2], port.LocalAddress);

        Assert.Equal([2], collector.Next().Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_batch_arrives_whole_whatever_its_datagrams_are_like(bool usesBatchedCalls)
    {
        var ports = new UdpPorts(new UdpOptions { UsesBatchedCalls = usesBatchedCalls });
        BatchCollector[] collectors = [new(), new()];
        using IDatagramPort first = ports.Bind(PeerAddress.Loopback(0), collectors[0]);
        using IDatagramPort second = ports.Bind(PeerAddress.Loopback(0), collectors[1]);
        using IDatagramPort sender = ports.Bind(PeerAddress.Loopback(0), new BatchCollector());
        int[] lengths = [1200, 1200, 1200, 300, 0, 0, 1200, 5, 5, 1472, 1200, 1200, 64, .. Enumerable.Repeat(1452, 150), 1];
        OutgoingDatagram[] batch = [.. lengths.Select((length, i) => new OutgoingDatagram(
            Enumerable.Repeat((byte)i, length).ToArray(), i % 7 == 3 ? second.LocalAddress : first.LocalAddress))];

        sender.Send(batch);

        foreach ((BatchCollector collector, PeerAddress to) in new[] { (collectors[0], first.LocalAddress), (collectors[1], second.LocalAddress) })
        {
            foreach (OutgoingDatagram sent in batch.Where(datagram => datagram.To == to))
                Assert.Equal((sender.LocalAddress, sent.Bytes.ToArray()), collector.Next(), Same);
        }

        Assert.Equal((lengths.Length, lengths.Sum()), (sender.Counters.SentDatagrams, sender.Counters.SentBytes));
    }

    private static bool Same((PeerAddress From, byte[] Bytes) left, (PeerAddress From, byte[] Bytes) right)
        => left.From == right.From && left.Bytes.AsSpan().SequenceEqual(right.Bytes);
}
