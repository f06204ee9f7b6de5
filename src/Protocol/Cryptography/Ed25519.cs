using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>Ed25519 signatures, and the Diffie-Hellman on Edwards points that the stack's Noise uses.</summary>
public static unsafe class Ed25519
{
    public const int SignatureSize = 64;

    public static byte[] Sign(KeyPair keyPair, ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[SignatureSize];
        Sign(keyPair, message, signature);
        return signature;
    }

    /// <summary>Writes a detached 64-byte signature.</summary>
    public static void Sign(KeyPair keyPair, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (keyPair.Signer is { } signer)
        {
            signer(message).AsSpan(0, SignatureSize).CopyTo(signature);
            return;
        }

        _ = Sodium.Ready;
        fixed (byte* s = signature[..SignatureSize], m = message, k = keyPair.Secret)
            _ = Sodium.crypto_sign_detached(s, null, m, (ulong)message.Length, k);
    }

    /// <summary>False for a wrong signature, a wrong length or an invalid key.</summary>
    public static bool Verify(PublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
            return false;
        _ = Sodium.Ready;
        fixed (byte* s = signature, m = message, k = publicKey.Value.Span)
            return Sodium.crypto_sign_verify_detached(s, m, (ulong)message.Length, k) == 0;
    }

    /// <summary>The compressed Edwards point that both sides share; false for points that libsodium rejects (transport reference 2.2).</summary>
    public static bool TryAgree(KeyPair own, PublicKey remote, out Bytes32 shared)
    {
        _ = Sodium.Ready;
        Span<byte> scalar = stackalloc byte[64];
        Span<byte> point = stackalloc byte[32];
        fixed (byte* h = scalar, i = own.Secret, p = point, r = remote.Value.Span)
        {
            _ = Sodium.crypto_hash_sha512(h, i, 32);
            h[0] &= 248;
            h[31] &= 127;
            h[31] |= 64;
            bool agreed = Sodium.crypto_scalarmult_ed25519_noclamp(p, h, r) == 0;
            shared = agreed ? new Bytes32(point) : default;
            scalar.Clear();
            return agreed;
        }
    }
}
