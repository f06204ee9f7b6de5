using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>The one source of randomness of a machine or actor.</summary>
public interface IEntropy
{
    /// <summary>Overwrites the whole span.</summary>
    void Fill(Span<byte> destination);
}

/// <summary>Typed draws from an entropy source.</summary>
public static class EntropyExtensions
{
    public static Bytes32 Next32(this IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[32];
        entropy.Fill(bytes);
        return new Bytes32(bytes);
    }

    public static uint NextUInt32(this IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[4];
        entropy.Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public static ulong NextUInt64(this IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[8];
        entropy.Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A number in [0, <paramref name="bound"/>).</summary>
    public static int NextInt32(this IEntropy entropy, int bound) => (int)((entropy.NextUInt32() * (ulong)(uint)bound) >> 32);

    /// <summary>A number in [0, 1).</summary>
    public static double NextDouble(this IEntropy entropy) => (entropy.NextUInt64() >> 11) * (1.0 / (1UL << 53));
}
