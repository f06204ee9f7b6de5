using System.Buffers.Binary;

namespace Hyper.Protocol.Udx.Packets;

/// <summary>The fixed 20 bytes every UDX packet starts with.</summary>
/// <param name="Flags">What the packet carries; unknown bits are kept.</param>
/// <param name="DataOffset">Extra bytes between the header and the payload.</param>
/// <param name="StreamId">The receiver's stream id.</param>
/// <param name="ReceiveWindow">Bytes the sender of the packet is willing to receive.</param>
/// <param name="Sequence">Packet counter of the sender.</param>
/// <param name="Acknowledgement">Next sequence number the sender of the packet expects.</param>
public readonly record struct PacketHeader(
    PacketFlags Flags, byte DataOffset, uint StreamId, uint ReceiveWindow, uint Sequence, uint Acknowledgement)
{
    /// <summary>Bytes of the encoded header.</summary>
    public const int EncodedSize = 20;

    internal const byte Magic = 0xff;
    internal const byte Version = 0x01;

    /// <summary>True when the packet takes a sequence number and is acknowledged.</summary>
    public bool IsReliable => (Flags & (PacketFlags.Data | PacketFlags.End)) != 0;

    public bool Has(PacketFlags flag) => (Flags & flag) != 0;

    /// <summary>False when the datagram is too short or is not UDX version 1.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, out PacketHeader header)
    {
        header = default;
        if (datagram.Length < EncodedSize || datagram[0] != Magic || datagram[1] != Version)
            return false;
        header = new PacketHeader(
            (PacketFlags)datagram[2],
            datagram[3],
            BinaryPrimitives.ReadUInt32LittleEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(datagram[16..]));
        return true;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void Encode(Span<byte> destination)
    {
        destination[0] = Magic;
        destination[1] = Version;
        destination[2] = (byte)Flags;
        destination[3] = DataOffset;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], StreamId);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], ReceiveWindow);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], Acknowledgement);
    }
}
