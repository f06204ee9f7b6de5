using System.Buffers.Binary;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Relaying;

/// <summary>Pairs two streams of others: every packet for one goes on, under the partner's id, to where the partner's remote end is.</summary>
/// <remarks>It reads no further than the header and acknowledges nothing. A side that is not connected yet swallows its packets.</remarks>
public sealed class UdxRelayMachine(uint leftId, uint rightId)
{
    private const int StreamIdOffset = 4;
    private readonly uint?[] _remoteIds = new uint?[2];
    private PacketBatch? _batch;

    /// <summary>The local ids by which packets name the two sides.</summary>
    public uint LeftId => leftId;

    public uint RightId => rightId;

    /// <summary>A DESTROY has passed, or the relay was closed here; the two ids are free.</summary>
    public bool IsClosed { get; private set; }

    public long ForwardedPackets { get; private set; }

    public long ForwardedBytes { get; private set; }

    /// <summary>Packets for neither side, or for a side whose partner is not connected.</summary>
    public long DroppedPackets { get; private set; }

    /// <summary>Sets or changes the id by which a side's remote end goes.</summary>
    public void Connect(RelaySide side, uint remoteId) => _remoteIds[(int)side] = remoteId;

    /// <summary>Takes a packet addressed to one of the two ids and prepares it for the other side.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram)
    {
        if (IsClosed || !PacketHeader.TryDecode(datagram, out PacketHeader header) || !TryFindPartner(header.StreamId, out RelaySide partner))
        {
            DroppedPackets++;
            return;
        }

        Span<byte> forwarded = (_batch ??= new PacketBatch()).Add(datagram.Length, (int)partner);
        datagram.CopyTo(forwarded);
        BinaryPrimitives.WriteUInt32LittleEndian(forwarded[StreamIdOffset..], _remoteIds[(int)partner]!.Value);
        ForwardedPackets++;
        ForwardedBytes += datagram.Length;
        IsClosed = header.Has(PacketFlags.Destroy);
    }

    /// <summary>Stops forwarding; nothing is sent.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Packets to send; the path of each is the <see cref="RelaySide"/> it goes to.</summary>
    public bool TryTake(out PacketBatch packets)
    {
        packets = _batch!;
        _batch = null;
        return packets is not null;
    }

    private bool TryFindPartner(uint streamId, out RelaySide partner)
    {
        partner = streamId == leftId ? RelaySide.Right : RelaySide.Left;
        return (streamId == leftId || streamId == rightId) && _remoteIds[(int)partner] is not null;
    }
}

/// <summary>One of the two streams that a relay pairs.</summary>
public enum RelaySide
{
    Left = 0,
    Right = 1,
}
