namespace Hyper.Protocol.Udx.Packets;

/// <summary>A decoded datagram: header, SACK area and payload, as views of the datagram's bytes.</summary>
public readonly ref struct Packet(PacketHeader header, ReadOnlySpan<byte> sackArea, ReadOnlySpan<byte> payload)
{
    public PacketHeader Header { get; } = header;

    /// <summary>Encoded SACK blocks; empty without the flag.</summary>
    public ReadOnlySpan<byte> SackArea { get; } = sackArea;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public int SackCount => SackArea.Length / SackBlock.EncodedSize;
}
