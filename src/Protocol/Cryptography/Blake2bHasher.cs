using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>BLAKE2b over any number of inputs; <see cref="Start"/> makes it ready again.</summary>
public sealed unsafe class Blake2bHasher
{
    internal const int StateSize = 384;
    internal const int Alignment = 64;

    // Pinned, because libsodium wants its state aligned to 64 bytes and the collector may move arrays.
    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(StateSize + Alignment, pinned: true);
    private int _size;

    /// <summary>Begins a hash of <paramref name="size"/> bytes, keyed when a key is given.</summary>
    public Blake2bHasher Start(int size = 32, ReadOnlySpan<byte> key = default)
    {
        _ = Sodium.Ready;
        _size = size;
        fixed (byte* k = key, m = _memory)
        {
            if (Sodium.crypto_generichash_init(Align(m), k, (nuint)key.Length, (nuint)size) != 0)
                throw new ArgumentException("BLAKE2b takes a key of at most 64 bytes and gives 1 to 64 bytes");
        }

        return this;
    }

    public Blake2bHasher Add(ReadOnlySpan<byte> input)
    {
        fixed (byte* i = input, m = _memory)
            _ = Sodium.crypto_generichash_update(Align(m), i, (ulong)input.Length);
        return this;
    }

    /// <summary>Writes as many bytes as the hash was started with.</summary>
    public void Finish(Span<byte> hash)
    {
        fixed (byte* h = hash[.._size], m = _memory)
            _ = Sodium.crypto_generichash_final(Align(m), h, (nuint)_size);
    }

    public Bytes32 Finish256()
    {
        byte* hash = stackalloc byte[32];
        Finish(new Span<byte>(hash, 32));
        return new Bytes32(new ReadOnlySpan<byte>(hash, 32));
    }

    internal static byte* Align(byte* pointer) => (byte*)(((nint)pointer + Alignment - 1) & ~(Alignment - 1));
}
