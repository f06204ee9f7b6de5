using System.Buffers.Binary;

namespace Hyper.Protocol.Udx.Packets;

/// <summary>Reads UDX packets out of datagrams.</summary>
public static class PacketCodec
{
    /// <summary>Finds the receiver's stream id, with which a shared socket tells UDX packets from plain datagrams.</summary>
    public static bool TryPeekStreamId(ReadOnlySpan<byte> datagram, out uint streamId)
    {
        streamId = 0;
        if (datagram.Length < PacketHeader.EncodedSize || datagram[0] != PacketHeader.Magic || datagram[1] != PacketHeader.Version)
            return false;
        streamId = BinaryPrimitives.ReadUInt32LittleEndian(datagram[4..]);
        return true;
    }

    /// <summary>Splits a datagram; false when it is not UDX or its data offset points past its end.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, out Packet packet)
    {
        packet = default;
        if (!PacketHeader.TryDecode(datagram, out PacketHeader header))
            return false;
        ReadOnlySpan<byte> rest = datagram[PacketHeader.EncodedSize..];
        if (header.DataOffset > rest.Length)
            return false;
        if (!header.Has(PacketFlags.Sack))
        {
            packet = new Packet(header, default, rest[header.DataOffset..]);
            return true;
        }

        bool blocksBeforePayload = header.DataOffset > 0 && header.DataOffset < rest.Length;
        int area = blocksBeforePayload ? header.DataOffset : rest.Length;
        packet = new Packet(header, rest[..area], rest[area..]);
        return true;
    }
}
