using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.RawStreams;

/// <summary>Two machines without a network between them.</summary>
public sealed class RawStreamMachineTests
{
    private static readonly RawStreamOptions Small = RawStreamOptions.Default with { MaxQueuedBytes = 1_000_000, MaxUnreadMessages = 2 };
    private readonly RawStreamMachine _left = new(Small, 1), _right = new(Small, 2);
    private readonly List<RawStreamEffect> _ofLeft = [], _ofRight = [];
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_writer_that_does_not_wait_ends_the_stream()
    {
        WriteResult result = WriteResult.Taken;
        for (int i = 0; i < 4; i++)
            result = _left.Write(new byte[250_000], _now);
        Assert.Equal(WriteResult.Waits, result);
        Assert.Equal(WriteResult.Refused, _left.Write(new byte[1], _now));
        Deliver();
        RawStreamEffect.Closed closed = Assert.IsType<RawStreamEffect.Closed>(Assert.Single(_ofLeft));
        Assert.Equal(
            (ConnectionCloseReason.Destroyed, "1000000 bytes wait for a remote end that takes none, and 1 more were written"),
            (closed.Reason, closed.Detail));
        Assert.True(_left.IsClosed);
    }

    [Fact]
    public void Writers_go_on_when_the_remote_end_has_taken_enough()
    {
        Connect();
        Assert.Equal(WriteResult.Taken, _left.Write(new byte[1], _now));
        Assert.Equal(WriteResult.Waits, _left.Write(new byte[900_000], _now));
        for (int round = 0; round < 100 && !_ofLeft.Contains(new RawStreamEffect.WritingResumed()); round++)
            Pass();
        Assert.Single(_ofLeft);
        Assert.True(_right.TryRead(out ReadOnlyMemory<byte> bytes, _now));
        Assert.InRange(bytes.Length, 500_000, 900_001);
    }

    [Fact]
    public void Messages_that_nobody_reads_are_dropped_and_counted_beyond_a_few()
    {
        Connect();
        for (byte i = 0; i < 5; i++)
            _left.Send(new byte[] { i }, _now);
        Deliver();
        Assert.Equal(3, _right.DroppedMessages);
        Assert.True(_right.TryReadMessage(out ReadOnlyMemory<byte> first));
        Assert.True(_right.TryReadMessage(out ReadOnlyMemory<byte> second));
        Assert.Equal([0, 1], new[] { first.Span[0], second.Span[0] });
        Assert.False(_right.TryReadMessage(out _));
    }

    [Fact]
    public void A_stream_is_over_when_what_came_before_its_graceful_end_was_read_and_at_once_when_it_is_reset()
    {
        Connect();
        _left.Write("last words"u8.ToArray(), _now);
        _left.End(_now);
        _right.End(_now);
        for (int round = 0; round < 3; round++)
            Pass();
        Assert.Equal((true, false), (_left.IsClosed, _right.IsClosed));
        Assert.True(_right.TryRead(out _, _now));
        Deliver();
        Assert.Equal(new RawStreamEffect.Closed(ConnectionCloseReason.Ended, null), Assert.Single(_ofRight));

        RawStreamMachine reader = new(Small, 2), writer = new(Small, 1);
        (writer, reader) = (Joined(writer, 2), Joined(reader, 1));
        writer.Write("lost words"u8.ToArray(), _now);
        Exchange(writer, reader, []);
        Exchange(reader, writer, []);
        Assert.NotEqual(0, reader.UnreadBytes);
        writer.Destroy(null, _now);
        List<RawStreamEffect> ofReader = [];
        Exchange(writer, reader, []);
        Exchange(reader, writer, ofReader);
        Assert.Equal(new RawStreamEffect.Closed(ConnectionCloseReason.Reset, null), Assert.Single(ofReader));
        Assert.Equal(0, reader.UnreadBytes);
    }

    [Fact]
    public void The_first_remote_end_counts_and_is_met_when_there_is_a_way()
    {
        _left.Connect(2, _now);
        _left.Connect(3, _now);
        Assert.False(_left.Udx.IsConnected);
        _left.HandleWay(_now);
        Assert.Equal((true, 2u), (_left.Udx.IsConnected, _left.Udx.RemoteId));
    }

    private void Connect()
    {
        Joined(_left, 2);
        Joined(_right, 1);
    }

    private RawStreamMachine Joined(RawStreamMachine machine, uint remoteId)
    {
        machine.Connect(remoteId, _now);
        machine.HandleWay(_now);
        return machine;
    }

    private void Pass()
    {
        Deliver();
        _now += TimeSpan.FromMilliseconds(10);
        foreach (RawStreamMachine machine in new[] { _left, _right })
        {
            if (machine.NextDeadline <= _now)
                machine.HandleTimeout(_now);
        }
    }

    private void Deliver()
    {
        Exchange(_left, _right, _ofLeft);
        Exchange(_right, _left, _ofRight);
        Exchange(_left, _right, _ofLeft);
    }

    private void Exchange(RawStreamMachine from, RawStreamMachine to, List<RawStreamEffect> effects)
    {
        List<byte[]> datagrams = [];
        while (from.TryTake(out RawStreamEffect? effect))
        {
            if (effect is not RawStreamEffect.Transmit { Packets: PacketBatch packets })
            {
                effects.Add(effect);
                continue;
            }

            for (int i = 0; i < packets.Count; i++)
                datagrams.Add(packets[i].ToArray());
            packets.Dispose();
        }

        foreach (byte[] datagram in datagrams)
            to.HandleDatagram(datagram, _now);
    }
}
