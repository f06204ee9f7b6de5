using System.Buffers;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Collects frames in rented buffers that are given away whole when they are drained.</summary>
internal sealed class FrameWriter
{
    // Longer arrays live where they are collected rarely, and growing one copies all that it holds.
    internal const int LongestChunk = 80_000;

    private const int FirstCapacity = 512;
    private readonly Queue<SecretStreamEffect.Transmit> _full = new();
    private byte[] _buffer = [];
    private int _length;

    internal bool IsEmpty => _length == 0 && _full.Count == 0;

    /// <summary>Adds a frame whose body is copied as it is.</summary>
    internal void Plain(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        Span<byte> body = Begin(first.Length + second.Length);
        first.CopyTo(body);
        second.CopyTo(body[first.Length..]);
    }

    /// <summary>Adds a frame encrypted in place.</summary>
    internal void Encrypted(StreamCipher cipher, ReadOnlySpan<byte> plain) => cipher.Push(plain, Begin(plain.Length + StreamCipher.Overhead));

    /// <summary>The oldest buffer, which ends with a whole frame.</summary>
    internal SecretStreamEffect.Transmit Take() => _full.TryDequeue(out SecretStreamEffect.Transmit? full) ? full : TakeCurrent();

    private SecretStreamEffect.Transmit TakeCurrent()
    {
        SecretStreamEffect.Transmit taken = SecretStreamEffect.Transmit.Rented(_buffer, _length);
        (_buffer, _length) = ([], 0);
        return taken;
    }

    private Span<byte> Begin(int bodyLength)
    {
        if (_length > 0 && _length + FrameReader.PrefixSize + bodyLength > LongestChunk)
            _full.Enqueue(TakeCurrent());
        int needed = _length + FrameReader.PrefixSize + bodyLength;
        if (_buffer.Length < needed)
            Grow(_length == 0 ? Math.Max(needed, FirstCapacity) : Math.Max(needed, Math.Min(_buffer.Length * 2, LongestChunk)));
        Span<byte> frame = _buffer.AsSpan(_length, FrameReader.PrefixSize + bodyLength);
        _length = needed;
        (frame[0], frame[1], frame[2]) = ((byte)bodyLength, (byte)(bodyLength >> 8), (byte)(bodyLength >> 16));
        return frame[FrameReader.PrefixSize..];
    }

    private void Grow(int capacity)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
