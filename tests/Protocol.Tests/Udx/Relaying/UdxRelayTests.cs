using CsCheck;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Relaying;

namespace AuctionActors.Protocol.Tests.Udx.Relaying;

public sealed class UdxRelayTests
{
    private readonly UdxRelayMachine _relay = new(2, 3);

    public UdxRelayTests()
    {
        _relay.Connect(RelaySide.Left, 1);
        _relay.Connect(RelaySide.Right, 4);
    }

    [Fact]
    public void Captured_packets_pass_with_only_their_stream_id_changed()
    {
        using var document = Vectors.Load("transport.json");
        string[] packets = [.. document.RootElement.GetProperty("udx").GetProperty("relay").GetProperty("packets").EnumerateArray()
            .Select(packet => packet.GetProperty("hex").GetString()!)];

        for (int i = 0; i < packets.Length; i += 2)
            Assert.Equal(packets[i + 1], Convert.ToHexStringLower(Forward(Convert.FromHexString(packets[i])).Bytes!));
        Assert.True(_relay.IsClosed);
    }

    [Fact]
    public void Each_side_is_forwarded_to_the_other()
    {
        Assert.Equal(RelaySide.Right, Forward(Packet(2, PacketFlags.Data)).To);
        Assert.Equal(RelaySide.Left, Forward(Packet(3, PacketFlags.Data)).To);
    }

    [Fact]
    public void Nothing_passes_before_the_partner_is_connected_or_after_the_relay_is_closed()
    {
        var relay = new UdxRelayMachine(2, 3);
        relay.HandleDatagram(Packet(2, PacketFlags.Data));
        Assert.False(relay.TryTake(out _));

        _relay.Close();
        Assert.Null(Forward(Packet(2, PacketFlags.Data)).Bytes);
        Assert.Equal((1L, 1L), (relay.DroppedPackets, _relay.DroppedPackets));
    }

    [Fact]
    public void A_changed_remote_gets_what_follows()
    {
        _relay.Connect(RelaySide.Right, 99);
        Assert.True(PacketHeader.TryDecode(Forward(Packet(2, PacketFlags.Data)).Bytes, out PacketHeader header));
        Assert.Equal(99u, header.StreamId);
    }

    [Fact]
    public void Random_bytes_are_dropped()
        => Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            var relay = new UdxRelayMachine(2, 3);
            relay.HandleDatagram(bytes);
            return !relay.TryTake(out _);
        });

    private (byte[]? Bytes, RelaySide To) Forward(byte[] datagram)
    {
        _relay.HandleDatagram(datagram);
        if (!_relay.TryTake(out PacketBatch batch))
            return (null, default);
        using (batch)
            return (batch[0].ToArray(), (RelaySide)batch.PathOf(0));
    }

    private static byte[] Packet(uint streamId, PacketFlags flags)
    {
        byte[] packet = new byte[PacketHeader.EncodedSize];
        new PacketHeader(flags, 0, streamId, 0, 0, 0).Encode(packet);
        return packet;
    }
}
