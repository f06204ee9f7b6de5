namespace Hyper.Protocol.Udx.Packets;

/// <summary>What a packet carries. No flag at all is a state packet: a bare acknowledgement.</summary>
[Flags]
public enum PacketFlags : byte
{
    None = 0x00,
    Data = 0x01,
    End = 0x02,
    Sack = 0x04,
    Message = 0x08,
    Destroy = 0x10,
    Heartbeat = 0x20,
}
