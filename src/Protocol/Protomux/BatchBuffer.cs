using System.Buffers;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>Bytes of one batch in rented memory, which goes to the effect that transmits them.</summary>
internal sealed class BatchBuffer
{
    private const int FirstCapacity = 2048;
    private byte[] _memory = [];

    internal int Length { get; private set; }

    internal void Byte(byte value) => Reserve(1)[0] = value;

    internal void UInt(ulong value) => CompactSize.WriteUInt(Reserve(CompactSize.UInt(value)), value);

    internal void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    internal ProtomuxEffect.Transmit Take()
    {
        ProtomuxEffect.Transmit taken = ProtomuxEffect.Transmit.Rented(_memory, Length);
        (_memory, Length) = ([], 0);
        return taken;
    }

    private Span<byte> Reserve(int count)
    {
        if (_memory.Length - Length < count)
            Grow(Math.Max(FirstCapacity, Math.Max(_memory.Length * 2, Length + count)));
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
