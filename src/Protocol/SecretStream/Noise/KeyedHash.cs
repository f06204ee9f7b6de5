using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>HMAC and HKDF as RFC 2104 builds them over unkeyed BLAKE2b-512; keyed BLAKE2b gives other values.</summary>
internal static class KeyedHash
{
    internal const int HashSize = 64;
    private const int BlockSize = 128;

    internal static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> result)
    {
        Span<byte> pad = stackalloc byte[BlockSize];
        pad.Clear();
        if (key.Length > BlockSize)
            Blake2b.Hash(key, pad[..HashSize]);
        else
            key.CopyTo(pad);

        Span<byte> inner = stackalloc byte[HashSize];
        Blake2bHasher hasher = new();
        Mask(pad, 0x36);
        hasher.Start(HashSize).Add(pad).Add(first).Add(second).Finish(inner);
        Mask(pad, 0x36 ^ 0x5c);
        hasher.Start(HashSize).Add(pad).Add(inner).Finish(result);
    }

    /// <summary>Fills <paramref name="outputs"/>, whose length is a multiple of 64, with one 64-byte output after the other.</summary>
    internal static void Hkdf(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> outputs)
    {
        Span<byte> pseudoRandomKey = stackalloc byte[HashSize];
        Hmac(chainingKey, input, [], pseudoRandomKey);
        ReadOnlySpan<byte> previous = [];
        for (int i = 0; i < outputs.Length / HashSize; i++)
        {
            Span<byte> output = outputs.Slice(i * HashSize, HashSize);
            Hmac(pseudoRandomKey, previous, [(byte)(i + 1)], output);
            previous = output;
        }
    }

    private static void Mask(Span<byte> pad, byte mask)
    {
        foreach (ref byte one in pad)
            one ^= mask;
    }
}
