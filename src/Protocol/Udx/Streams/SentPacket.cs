using Hyper.Protocol.Udx.Congestion;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>A DATA or END packet that has not been acknowledged cumulatively.</summary>
internal struct SentPacket
{
    /// <summary>Position of its first byte in the stream.</summary>
    public long Position;
    public int Length;
    public bool IsEnd;
    public SentPacketState State;

    /// <summary>Zero bytes before the payload when the packet also searches for a larger packet size.</summary>
    public byte Padding;

    /// <summary>Whether its delivery or loss answers the search for a larger packet size.</summary>
    public bool IsSizeProbe;
    public int Transmissions;
    public int Timeouts;
    public TimeSpan SentAt;

    /// <summary>Where it was first sent; retransmissions go there too, until two timeouts show that nobody is there any more.</summary>
    public int Path;
    public uint RemoteId;
    public DeliverySnapshot Delivery;

    /// <summary>Neighbours in order of sending; -1 at the ends.</summary>
    public long Earlier;
    public long Later;
}

internal enum SentPacketState : byte
{
    InFlight,
    Lost,
    Delivered,
}
