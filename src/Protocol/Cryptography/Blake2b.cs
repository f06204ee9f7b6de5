using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>BLAKE2b in one call, keyed or not, with 1 to 64 bytes of output.</summary>
public static unsafe class Blake2b
{
    // Copying this much costs less than the four calls that hash in parts.
    private const int OneCallLength = 512;

    /// <summary>Unkeyed hash of one input into <paramref name="hash"/>, whose length selects the variant.</summary>
    public static void Hash(ReadOnlySpan<byte> input, Span<byte> hash) => Keyed([], input, hash);

    /// <summary>Keyed hash; an empty key is the unkeyed variant.</summary>
    public static void Keyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> hash)
    {
        _ = Sodium.Ready;
        fixed (byte* h = hash, i = input, k = key)
        {
            if (Sodium.crypto_generichash(h, (nuint)hash.Length, i, (ulong)input.Length, k, (nuint)key.Length) != 0)
                throw new ArgumentException("BLAKE2b takes a key of at most 64 bytes and gives 1 to 64 bytes");
        }
    }

    public static Bytes32 Hash256(ReadOnlySpan<byte> input) => Keyed256([], input);

    public static Bytes32 Keyed256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[32];
        Keyed(key, input, hash);
        return new Bytes32(hash);
    }

    /// <summary>Hash of up to three inputs one after the other.</summary>
    public static Bytes32 Hash256(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
        => Keyed256([], first, second, third);

    /// <summary>Keyed hash of up to three inputs one after the other.</summary>
    public static Bytes32 Keyed256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        int length = first.Length + second.Length + third.Length;
        if (length <= OneCallLength)
        {
            Span<byte> joined = stackalloc byte[length];
            first.CopyTo(joined);
            second.CopyTo(joined[first.Length..]);
            third.CopyTo(joined[(first.Length + second.Length)..]);
            return Keyed256(key, joined);
        }

        _ = Sodium.Ready;
        byte* memory = stackalloc byte[Blake2bHasher.StateSize + Blake2bHasher.Alignment];
        byte* state = Blake2bHasher.Align(memory);
        byte* hash = stackalloc byte[32];
        fixed (byte* k = key, a = first, b = second, c = third)
        {
            if (Sodium.crypto_generichash_init(state, k, (nuint)key.Length, 32) != 0)
                throw new ArgumentException("BLAKE2b takes a key of at most 64 bytes");
            _ = Sodium.crypto_generichash_update(state, a, (ulong)first.Length);
            _ = Sodium.crypto_generichash_update(state, b, (ulong)second.Length);
            _ = Sodium.crypto_generichash_update(state, c, (ulong)third.Length);
            _ = Sodium.crypto_generichash_final(state, hash, 32);
        }

        return new Bytes32(new ReadOnlySpan<byte>(hash, 32));
    }

    /// <summary>The namespace constant <c>H(H(utf8(name)) ‖ index)</c> of the JavaScript stack.</summary>
    public static Bytes32 Namespace(string name, byte index)
        => Hash256(Hash256(System.Text.Encoding.UTF8.GetBytes(name)).Span, [index]);
}
