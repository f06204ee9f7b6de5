using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>XSalsa20-Poly1305 with a 24-byte nonce, tag first.</summary>
public static unsafe class SecretBox
{
    public const int TagSize = 16;
    public const int NonceSize = 24;

    /// <summary>Writes plaintext length + 16 bytes.</summary>
    public static void Seal(Bytes32 key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> box)
    {
        _ = Sodium.Ready;
        ChaCha20Poly1305.RequireRoom(box, plain.Length + TagSize);
        fixed (byte* b = box, m = plain, n = nonce[..NonceSize], k = key.Span)
            _ = Sodium.crypto_secretbox_easy(b, m, (ulong)plain.Length, n, k);
    }

    /// <summary>Writes box length - 16 bytes; false when the tag does not fit.</summary>
    public static bool TryOpen(Bytes32 key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> plain)
    {
        if (box.Length < TagSize)
            return false;
        _ = Sodium.Ready;
        ChaCha20Poly1305.RequireRoom(plain, box.Length - TagSize);
        fixed (byte* b = box, m = plain, n = nonce[..NonceSize], k = key.Span)
            return Sodium.crypto_secretbox_open_easy(m, b, (ulong)box.Length, n, k) == 0;
    }
}

/// <summary>The XSalsa20 key stream, as Hypercore uses it for block encryption.</summary>
public static unsafe class XSalsa20
{
    /// <summary>XORs in place with a 24-byte nonce.</summary>
    public static void Apply(Bytes32 key, ReadOnlySpan<byte> nonce, Span<byte> bytes)
    {
        _ = Sodium.Ready;
        fixed (byte* b = bytes, n = nonce[..24], k = key.Span)
            _ = Sodium.crypto_stream_xor(b, b, (ulong)bytes.Length, n, k);
    }
}
