using System.Buffers;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>Bytes of one batch in rented memory, which goes to the effect that transmits them.</summary>
internal sealed class BatchBuffer
{
    private const int FirstCapacity = 2048;
    private const int LongestExpected = 64 * 1024;

    private byte[] _memory = [];
    private int _expected = FirstCapacity;

    internal int Length { get; private set; }

    internal void Byte(byte value) => Reserve(1)[0] = value;

    internal void UInt(ulong value) => CompactSize.WriteUInt(Reserve(CompactSize.UInt(value)), value);

    internal void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    internal ProtomuxEffect.Transmit Take()
    {
        // Batches are often as long as the one before, and growing one copies all that it holds.
        _expected = Math.Clamp(Length, FirstCapacity, LongestExpected);
        ProtomuxEffect.Transmit taken = ProtomuxEffect.Transmit.Rented(_memory, Length);
        (_memory, Length) = ([], 0);
        return taken;
    }

    private Span<byte> Reserve(int count)
    {
        if (_memory.Length - Length < count)
            Grow(Math.Max(_expected, Math.Max(_memory.Length * 2, Length + count)));
        Span<byte> span = _memory.AsSpan(Length, count);
        Length += count;
        return span;
    }

    private void Grow(int capacity)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        _memory.AsSpan(0, Length).CopyTo(larger);
        if (_memory.Length > 0)
            ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }
}
