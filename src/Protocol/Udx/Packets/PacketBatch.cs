using System.Buffers;

namespace Hyper.Protocol.Udx.Packets;

/// <summary>Datagrams to send, in order and back to back in one pooled buffer; whoever takes the batch disposes it.</summary>
public sealed class PacketBatch : IDisposable
{
    private const int InitialDatagrams = 16;

    // From one packet to a full batch in two steps: few bytes are copied, and a lone acknowledgement stays small.
    private const int Growth = 8;
    private byte[] _buffer = [];
    private Slot[] _slots = [];

    public int Count { get; private set; }

    public int ByteLength { get; private set; }

    public ReadOnlyMemory<byte> this[int index] => _buffer.AsMemory(_slots[index].Start, _slots[index].Length);

    /// <summary>Which of the stream's remote addresses the datagram goes to; 0 is the one it was first connected to.</summary>
    public int PathOf(int index) => _slots[index].Path;

    /// <summary>Reserves the next datagram; the caller fills all of it.</summary>
    internal Span<byte> Add(int length, int path)
    {
        if (ByteLength + length > _buffer.Length)
            GrowBuffer(ByteLength + length);
        if (Count == _slots.Length)
            Array.Resize(ref _slots, Math.Max(InitialDatagrams, Count * 2));
        _slots[Count++] = new Slot(ByteLength, length, path);
        Span<byte> datagram = _buffer.AsSpan(ByteLength, length);
        ByteLength += length;
        return datagram;
    }

    /// <summary>Returns the memory; datagrams read from the batch are invalid from here on.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Count = 0;
        ByteLength = 0;
    }

    private void GrowBuffer(int required)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(required, _buffer.Length * Growth));
        _buffer.AsSpan(0, ByteLength).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private readonly record struct Slot(int Start, int Length, int Path);
}
