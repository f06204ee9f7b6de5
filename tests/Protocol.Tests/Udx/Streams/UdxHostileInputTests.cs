using System.Buffers.Binary;
using CsCheck;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxHostileInputTests
{
    [Fact]
    public void An_acknowledgement_of_what_was_never_sent_gets_no_answer_but_the_data_is_kept()
    {
        var pair = new StreamPair();
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 0, 5, "x"u8), pair.Now);
        pair.Drain();

        Assert.Empty(pair.Log);
        Assert.Equal("x"u8.ToArray(), pair.Right.Received);
        Assert.Equal(1, pair.Right.Stream.Counters.DroppedPackets);
    }

    [Fact]
    public void A_packet_far_ahead_is_neither_kept_nor_acknowledged()
    {
        var pair = new StreamPair();
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 0x7fffffff, 0, "x"u8), pair.Now);
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 16384, 0, "x"u8), pair.Now);
        pair.Drain();
        Assert.Empty(pair.Log);

        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 16383, 0, "x"u8), pair.Now);
        pair.Drain();
        Assert.Equal("ff010400111111110000400000000000" + "00000000" + "ff3f0000" + "00400000", Assert.Single(pair.Log).Hex);
    }

    [Fact]
    public void A_sender_that_ignores_a_closed_window_is_answered_and_no_more_of_it_is_kept_than_the_limits_allow()
    {
        var pair = new StreamPair(right: new UdxStreamOptions { AnnounceReaderBacklog = true, ReceiveWindowBytes = 4000, MaximumReorderBytes = 6000 });
        for (uint sequence = 0; sequence < 20; sequence++)
        {
            pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, sequence, 0, new byte[1000]), pair.Now);
            pair.Drain();
        }

        Assert.Equal(10_000, pair.Right.ReceivedCount);
        Assert.Equal(4, pair.Right.Stream.Counters.DroppedPackets); // the others are within what is kept ahead of a gap
        Assert.Equal((20, 0u, 10u), (pair.Log.Count, pair.Log[^1].Header.ReceiveWindow, pair.Log[^1].Header.Acknowledgement));
    }

    [Fact]
    public void Of_more_ranges_than_fit_the_lowest_the_highest_and_that_of_the_last_packet_are_reported()
    {
        var pair = new StreamPair();
        for (uint range = 1; range <= 80; range++)
            pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 2 * range, 0, "x"u8), pair.Now);
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 81, 0, "x"u8), pair.Now);
        pair.Drain();

        Assert.True(PacketCodec.TryDecode(pair.Log[^1].Bytes, out Packet packet));
        List<SackBlock> blocks = [];
        for (int i = 0; i < packet.SackCount; i++)
            blocks.Add(SackBlock.Read(packet.SackArea, i));
        Assert.Equal(SackBlock.MaximumCount, blocks.Count);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => new SackBlock(2 * (uint)i, (2 * (uint)i) + 1)), blocks[..25]);
        Assert.Equal(new SackBlock(80, 83), blocks[25]);
        Assert.Equal(Enumerable.Range(57, 24).Select(i => new SackBlock(2 * (uint)i, (2 * (uint)i) + 1)), blocks[26..]);
    }

    [Fact]
    public void Packets_that_arrive_together_are_acknowledged_together_up_to_a_limit()
    {
        var pair = new StreamPair();
        for (uint sequence = 0; sequence < 70; sequence++)
            pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, sequence, 0, "x"u8), pair.Now);
        pair.Drain();

        Assert.Equal([32u, 64u, 70u], pair.Log.Select(packet => packet.Header.Acknowledgement));
    }

    [Fact]
    public void The_reorder_buffer_is_bounded_in_bytes()
    {
        var pair = new StreamPair(right: new UdxStreamOptions { MaximumReorderBytes = 10_000 });
        for (uint sequence = 1; sequence < 100; sequence++)
        {
            pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, sequence, 0, new byte[1000]), pair.Now);
            pair.Drain();
        }

        Assert.Equal(10, pair.Log.Count);
        Assert.Equal(89, pair.Right.Stream.Counters.DroppedPackets);
    }

    [Fact]
    public void Invalid_sack_blocks_are_skipped_and_counted()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write(new byte[5000], pair.Now);
        pair.Drain();
        (uint, uint)[] blocks = [(3, 3), (4, 2), (2, 900), (0xfffffff0, 2), (0x80000000, 0x80000001), (2, 3)];
        pair.Left.Stream.HandleDatagram(BuildSack(0, 1, blocks), pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(1));

        Assert.Equal(5, pair.Left.Stream.Counters.InvalidSackBlocks);
        Assert.False(pair.Left.Stream.IsClosed);
    }

    [Fact]
    public void A_reported_but_never_acknowledged_packet_ends_in_a_timeout()
    {
        var pair = new StreamPair();
        pair.Drop = _ => true;
        pair.Left.Stream.Write(new byte[500], pair.Now);
        pair.Drain();
        pair.Left.Stream.HandleDatagram(BuildSack(0, 0, [(0, 1)]), pair.Now);

        Assert.True(pair.RunUntil(() => pair.Left.CloseReason == UdxCloseReason.TimedOut, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void An_old_acknowledgement_is_harmless()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write(new byte[5000], pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
        byte[] old = Build(PacketFlags.None, 0, 1, []);
        BinaryPrimitives.WriteUInt32LittleEndian(old.AsSpan(4), StreamPair.LeftId);
        pair.Left.Stream.HandleDatagram(old, pair.Now);
        pair.Left.Stream.Write(new byte[10], pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 5010));
    }

    [Fact]
    public void A_stale_destroy_is_ignored_and_a_destroy_past_a_gap_is_not()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write("x"u8, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Destroy, 0, 0, []), pair.Now);
        Assert.False(pair.Right.Stream.IsClosed);

        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Destroy, 77, 0, []), pair.Now);
        pair.Drain();
        Assert.Equal(UdxCloseReason.ConnectionReset, pair.Right.CloseReason);
    }

    [Fact]
    public void Data_after_the_remote_end_is_discarded_but_acknowledged()
    {
        var pair = new StreamPair();
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data | PacketFlags.End, 0, 0, "x"u8), pair.Now);
        pair.Drain();
        pair.Right.Stream.HandleDatagram(Build(PacketFlags.Data, 1, 0, "y"u8), pair.Now);
        pair.Drain();

        Assert.Equal("x"u8.ToArray(), pair.Right.Received);
        Assert.Equal(2, pair.Log.Count);
        Assert.True(pair.Right.SawEnd);
    }

    [Fact]
    public void Unread_messages_are_bounded()
    {
        var pair = new StreamPair();
        for (int i = 0; i < 1000; i++)
            pair.Right.Stream.HandleDatagram(Build(PacketFlags.Message, 0, 0, "m"u8), pair.Now);
        pair.Drain();

        Assert.Equal(new UdxStreamOptions().MaximumQueuedMessages, pair.Right.Messages.Count);
    }

    [Fact]
    public void Random_packets_never_break_a_stream()
        => Gen.Select(Gen.Byte, Gen.Int[-3, 40], Gen.Int[-3, 12], Gen.Byte.Array[0, 40]).Array[1, 30].Sample(packets =>
        {
            var pair = new StreamPair();
            pair.Right.Stream.Write(new byte[9000], pair.Now);
            pair.Drain();
            foreach ((byte flags, int sequence, int acknowledgement, byte[] payload) in packets)
            {
                pair.Right.Stream.HandleDatagram(Build((PacketFlags)flags, (uint)sequence, (uint)acknowledgement, payload), pair.Now);
                pair.Drain();
            }

            pair.RunFor(TimeSpan.FromSeconds(30));
        }, iter: 300);

    private static byte[] Build(PacketFlags flags, uint sequence, uint acknowledgement, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[PacketHeader.EncodedSize + payload.Length];
        new PacketHeader(flags, 0, StreamPair.RightId, 1 << 22, sequence, acknowledgement).Encode(datagram);
        payload.CopyTo(datagram.AsSpan(PacketHeader.EncodedSize));
        return datagram;
    }

    private static byte[] BuildSack(uint sequence, uint acknowledgement, (uint Start, uint End)[] blocks)
    {
        byte[] area = new byte[blocks.Length * SackBlock.EncodedSize];
        for (int i = 0; i < blocks.Length; i++)
            new SackBlock(blocks[i].Start, blocks[i].End).Encode(area.AsSpan(i * SackBlock.EncodedSize));
        byte[] datagram = Build(PacketFlags.Sack, sequence, acknowledgement, area);
        BinaryPrimitives.WriteUInt32LittleEndian(datagram.AsSpan(4), StreamPair.LeftId);
        return datagram;
    }
}
