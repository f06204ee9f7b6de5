using System.Diagnostics.CodeAnalysis;

namespace Hyper.Protocol.Protomux;

/// <summary>What has come and is not handled yet: first the messages that waited for a channel, then packets.</summary>
internal sealed class InputQueue(int maxBatchDepth)
{
    private readonly Queue<(MuxChannel Channel, IEnumerator<(int Type, ReadOnlyMemory<byte> Payload)> Messages)> _unparked = new();
    private readonly Queue<PacketReader> _packets = new();

    public bool IsEmpty => _packets.Count == 0 && _unparked.Count == 0;

    public void Add(ReadOnlyMemory<byte> packet) => _packets.Enqueue(new PacketReader(packet, maxBatchDepth));

    public void Add(MuxChannel channel, ParkedMessages messages) => _unparked.Enqueue((channel, messages.Take().GetEnumerator()));

    /// <summary>The next message that waited for a channel which is still open.</summary>
    public bool TryTakeUnparked(
        LocalChannels open, [NotNullWhen(true)] out MuxChannel? channel, out (int Type, ReadOnlyMemory<byte> Payload) message)
    {
        for (; _unparked.TryPeek(out (MuxChannel Channel, IEnumerator<(int Type, ReadOnlyMemory<byte> Payload)> Messages) next); _unparked.Dequeue())
        {
            if (open.Find(next.Channel.Handle) is null || !next.Messages.MoveNext())
                continue;
            (channel, message) = (next.Channel, next.Messages.Current);
            return true;
        }

        (channel, message) = (null, default);
        return false;
    }

    public bool TryPeekPacket([NotNullWhen(true)] out PacketReader? packet) => _packets.TryPeek(out packet);

    /// <summary>The first packet is read to its end.</summary>
    public void DropPacket() => _packets.TryDequeue(out _);

    public void Clear()
    {
        _unparked.Clear();
        _packets.Clear();
    }
}
