using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Writes packets with the current window and acknowledgement into the batch that leaves next.</summary>
internal sealed class PacketWriter(ReceiveWindow receiveWindow, UdxStreamCounters counters)
{
    private PacketBatch? _batch;

    public uint RemoteId { get; private set; }

    /// <summary>Counts the remote addresses the stream has had; -1 before it is connected.</summary>
    public int Path { get; private set; } = -1;

    public bool IsConnected => Path >= 0;

    public int PendingBytes => _batch?.ByteLength ?? 0;

    /// <summary>Later packets go to this stream id on a new path.</summary>
    public void SetRemote(uint remoteId)
    {
        RemoteId = remoteId;
        Path++;
    }

    public bool TryTake(out PacketBatch batch)
    {
        batch = _batch!;
        _batch = null;
        return batch is not null;
    }

    /// <summary>A packet without a payload: state, END-less control packets.</summary>
    public void WriteControl(PacketFlags flags, long sequence) => Begin(flags, sequence, 0, 0, Path, RemoteId);

    /// <summary>A state packet, with SACK blocks when there are gaps; false when there may be more of them than it can hold.</summary>
    public bool WriteState(long sequence)
    {
        if (!receiveWindow.HasGaps)
        {
            WriteControl(PacketFlags.None, sequence);
            return true;
        }

        Span<SackBlock> blocks = stackalloc SackBlock[SackBlock.MaximumCount];
        int count = receiveWindow.WriteBlocks(blocks);
        Span<byte> area = Begin(PacketFlags.Sack, sequence, 0, count * SackBlock.EncodedSize, Path, RemoteId);
        for (int i = 0; i < count; i++)
            blocks[i].Encode(area[(i * SackBlock.EncodedSize)..]);
        return count < blocks.Length;
    }

    public void WriteMessage(ReadOnlySpan<byte> message, long sequence)
        => message.CopyTo(Begin(PacketFlags.Message, sequence, 0, message.Length, Path, RemoteId));

    public void WriteSent(in SentPacket packet, long sequence, SendBuffer bytes)
    {
        PacketFlags flags = (packet.Length > 0 ? PacketFlags.Data : PacketFlags.None) | (packet.IsEnd ? PacketFlags.End : PacketFlags.None);
        Span<byte> body = Begin(flags, sequence, packet.Padding, packet.Padding + packet.Length, packet.Path, packet.RemoteId);
        body[..packet.Padding].Clear();
        bytes.CopyTo(packet.Position, body[packet.Padding..]);
    }

    private Span<byte> Begin(PacketFlags flags, long sequence, byte dataOffset, int bodyLength, int path, uint remoteId)
    {
        Span<byte> datagram = (_batch ??= new PacketBatch()).Add(PacketHeader.EncodedSize + bodyLength, path);
        var header = new PacketHeader(
            flags, dataOffset, remoteId, receiveWindow.AnnouncedBytes, (uint)sequence, (uint)receiveWindow.Next);
        header.Encode(datagram);
        counters.SentPackets++;
        counters.SentBytes += datagram.Length;
        return datagram[PacketHeader.EncodedSize..];
    }
}
