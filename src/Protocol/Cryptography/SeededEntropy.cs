using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>A reproducible source: the ChaCha20 key stream of a seed. For simulations and tests, never for a real node.</summary>
public sealed unsafe class SeededEntropy : IEntropy
{
    private const int BlockSize = 512;
    private readonly Bytes32 _key;
    private readonly byte[] _block = new byte[BlockSize];
    private ulong _nextBlock;
    private int _used = BlockSize;

    public SeededEntropy(Bytes32 key) => _key = key;

    /// <summary>One generator for each purpose of a run, so that drawing from one does not shift another.</summary>
    public SeededEntropy(ulong seed, string purpose)
        : this(Blake2b.Hash256(SeedBytes(seed), System.Text.Encoding.UTF8.GetBytes(purpose)))
    {
    }

    /// <summary>A generator for a named part of this one's purpose; does not draw from this one.</summary>
    public SeededEntropy Derive(string part) => new(Blake2b.Keyed256(_key.Span, System.Text.Encoding.UTF8.GetBytes(part)));

    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == BlockSize)
                Refill();
            int count = Math.Min(destination.Length, BlockSize - _used);
            _block.AsSpan(_used, count).CopyTo(destination);
            _used += count;
            destination = destination[count..];
        }
    }

    private void Refill()
    {
        _ = Sodium.Ready;
        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, _nextBlock++);
        _block.AsSpan().Clear();
        Bytes32 key = _key;
        fixed (byte* b = _block, n = nonce, k = key.Span)
            _ = Sodium.crypto_stream_chacha20_ietf_xor_ic(b, b, BlockSize, n, 0, k);
        _used = 0;
    }

    private static byte[] SeedBytes(ulong seed)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return bytes;
    }
}
