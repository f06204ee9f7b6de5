using System.Buffers;
using System.Collections.Immutable;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Hands the packets of a stream to a port.</summary>
internal static class StreamPackets
{
    /// <summary>Each packet goes to the address of its path; the batch is disposed.</summary>
    public static void Send(this IDatagramPort port, PacketBatch packets, ImmutableArray<PeerAddress> paths)
    {
        int count = packets.Count;
        OutgoingDatagram[] datagrams = ArrayPool<OutgoingDatagram>.Shared.Rent(count);
        for (int i = 0; i < count; i++)
            datagrams[i] = new OutgoingDatagram(packets[i], paths[packets.PathOf(i)]);
        port.Send(datagrams.AsSpan(0, count));
        datagrams.AsSpan(0, count).Clear();
        ArrayPool<OutgoingDatagram>.Shared.Return(datagrams);
        packets.Dispose();
    }
}
