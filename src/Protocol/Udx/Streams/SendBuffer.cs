using System.Buffers;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Written bytes that are not yet acknowledged: a ring addressed by the byte's position in the stream.</summary>
internal sealed class SendBuffer
{
    private const int InitialBytes = 4096;
    private byte[] _ring = [];
    private int _capacity;

    /// <summary>Position of the first byte still kept.</summary>
    public long Start { get; private set; }

    /// <summary>Position after the last byte written.</summary>
    public long End { get; private set; }

    public int Count => (int)(End - Start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (Count + bytes.Length > _capacity)
            Grow(Count + bytes.Length);
        int at = (int)(End & (_capacity - 1));
        int first = Math.Min(bytes.Length, _capacity - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
        End += bytes.Length;
    }

    public void CopyTo(long position, Span<byte> destination)
    {
        if (destination.IsEmpty)
            return;
        int at = (int)(position & (_capacity - 1));
        int first = Math.Min(destination.Length, _capacity - at);
        _ring.AsSpan(at, first).CopyTo(destination);
        _ring.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>Forgets everything before a position; an empty buffer holds no memory.</summary>
    public void ReleaseTo(long position)
    {
        Start = position;
        if (Start == End)
            Return();
    }

    public void Clear() => ReleaseTo(End);

    private void Grow(int required)
    {
        int capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(required, InitialBytes));
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        for (long position = Start; position < End;)
        {
            int to = (int)(position & (capacity - 1));
            int length = (int)Math.Min(End - position, capacity - to);
            CopyTo(position, larger.AsSpan(to, length));
            position += length;
        }

        Return();
        _ring = larger;
        _capacity = capacity;
    }

    private void Return()
    {
        if (_ring.Length > 0)
            ArrayPool<byte>.Shared.Return(_ring);
        _ring = [];
        _capacity = 0;
    }
}
