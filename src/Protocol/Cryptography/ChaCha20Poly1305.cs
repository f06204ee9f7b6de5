using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>ChaCha20-Poly1305 with a 12-byte nonce, as Noise uses it.</summary>
public static unsafe class ChaCha20Poly1305
{
    public const int TagSize = 16;
    public const int NonceSize = 12;

    /// <summary>Writes plaintext length + 16 bytes.</summary>
    public static void Encrypt(Bytes32 key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        _ = Sodium.Ready;
        RequireRoom(cipher, plain.Length + TagSize);
        fixed (byte* c = cipher, m = plain, a = associated, n = nonce[..NonceSize], k = key.Span)
            _ = Sodium.crypto_aead_chacha20poly1305_ietf_encrypt(c, null, m, (ulong)plain.Length, a, (ulong)associated.Length, null, n, k);
    }

    /// <summary>Writes cipher length - 16 bytes; false when the tag does not fit.</summary>
    public static bool TryDecrypt(Bytes32 key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        if (cipher.Length < TagSize)
            return false;
        _ = Sodium.Ready;
        RequireRoom(plain, cipher.Length - TagSize);
        fixed (byte* c = cipher, m = plain, a = associated, n = nonce[..NonceSize], k = key.Span)
            return Sodium.crypto_aead_chacha20poly1305_ietf_decrypt(m, null, null, c, (ulong)cipher.Length, a, (ulong)associated.Length, n, k) == 0;
    }

    internal static void RequireRoom(Span<byte> destination, int needed)
    {
        if (destination.Length < needed)
            throw new ArgumentException($"needs room for {needed} bytes, got {destination.Length}");
    }
}
