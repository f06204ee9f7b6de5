using System.Runtime.InteropServices;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxBorrowedTests
{
    private readonly UdxStreamMachine _stream = new(new UdxStreamOptions(), 1);

    [Fact]
    public void What_comes_in_order_is_passed_on_where_it_lies()
    {
        byte[] first = Packet(0, "one"u8), second = Packet(1, "two"u8);
        _stream.HandleBorrowed(first, default);
        _stream.HandleBorrowed(second, default);

        UdxStreamEffect.DataReceived data = Take();
        Assert.Equal(6, data.ByteLength);
        Assert.Equal([first, second], data.Pieces.Select(piece => MemoryMarshal.TryGetArray(piece, out ArraySegment<byte> at) ? at.Array! : []));
        Assert.Equal("onetwo", Text(data));
    }

    [Fact]
    public void What_waits_for_an_earlier_packet_does_not_need_its_datagram()
    {
        byte[] late = Packet(0, "one"u8), early = Packet(1, "two"u8);
        _stream.HandleBorrowed(early, default);
        Assert.False(_stream.TryTake(out _));
        Array.Clear(early);
        _stream.HandleBorrowed(late, default);

        Assert.Equal("onetwo", Text(Take()));
    }

    [Fact]
    public void A_datagram_that_is_not_borrowed_may_change_at_once()
    {
        byte[] packet = Packet(0, "one"u8);
        _stream.HandleDatagram(packet, default);
        Array.Clear(packet);

        Assert.Equal("one", Text(Take()));
    }

    private UdxStreamEffect.DataReceived Take()
    {
        Assert.True(_stream.TryTake(out UdxStreamEffect effect));
        return Assert.IsType<UdxStreamEffect.DataReceived>(effect);
    }

    private static string Text(UdxStreamEffect.DataReceived data)
        => string.Concat(data.Pieces.Select(piece => System.Text.Encoding.UTF8.GetString(piece.Span)));

    private static byte[] Packet(uint number, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[PacketHeader.EncodedSize + payload.Length];
        new PacketHeader(PacketFlags.Data, 0, 1, 100_000, number, 0).Encode(datagram);
        payload.CopyTo(datagram.AsSpan(PacketHeader.EncodedSize));
        return datagram;
    }
}
