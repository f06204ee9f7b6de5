using System.Buffers;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Ordered bytes waiting for the reader, packet by packet; two lists change places so that they are handed out without copying.</summary>
internal sealed class ReceivedBytes
{
    private Pieces _filling = new();
    private Pieces _lent = new();

    public int Count { get; private set; }

    /// <summary>Takes bytes that stay where they are until the reader has had them, or else copies them.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="lasting">Memory that stays and ends with the same bytes; nothing when theirs does not stay.</param>
    public void Append(ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte> lasting)
    {
        if (bytes.IsEmpty)
            return;
        if (lasting.IsEmpty)
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(copy);
            AppendRented(copy, bytes.Length);
            return;
        }

        _filling.Bytes.Add(lasting[^bytes.Length..]);
        Count += bytes.Length;
    }

    /// <summary>Takes rented memory, which is given back when the reader has had it.</summary>
    public void AppendRented(byte[] memory, int length)
    {
        _filling.Bytes.Add(memory.AsMemory(0, length));
        _filling.Rented.Add(memory);
        Count += length;
    }

    /// <summary>Lends everything received; the memory is taken back by <see cref="Reclaim"/>.</summary>
    public UdxStreamEffect.DataReceived Lend()
    {
        Reclaim();
        (_lent, _filling) = (_filling, _lent);
        int count = Count;
        Count = 0;
        return new UdxStreamEffect.DataReceived(_lent.Bytes, count);
    }

    public void Reclaim()
    {
        foreach (byte[] memory in _lent.Rented)
            ArrayPool<byte>.Shared.Return(memory);
        _lent.Rented.Clear();
        _lent.Bytes.Clear();
    }

    private sealed class Pieces
    {
        public List<ReadOnlyMemory<byte>> Bytes { get; } = [];

        public List<byte[]> Rented { get; } = [];
    }
}
