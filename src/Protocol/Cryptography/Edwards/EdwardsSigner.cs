using System.Runtime.CompilerServices;

namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>Signs with one key as RFC 8032 says (5.1.6), to the same bytes as libsodium.</summary>
internal sealed unsafe class EdwardsSigner
{
    /// <summary>Longer messages are left to libsodium, and so are the first of a key: the multiples and the code must be made before.</summary>
    public const int LongestMessage = 512;

    public const int SignaturesBefore = 32;

    private const int HashSize = 64;
    private const int Half = 32;

    // The scalar that the public key stands for, and what nonces begin with.
    private readonly byte[] _secret = new byte[HashSize];
    private readonly PublicKey _publicKey;

    public EdwardsSigner(KeyPair keyPair)
    {
        _publicKey = keyPair.PublicKey;
        fixed (byte* secret = _secret, seed = keyPair.Secret)
            _ = Sodium.crypto_hash_sha512(secret, seed, Half);
        _secret[0] &= 248;
        _secret[31] = (byte)((_secret[31] & 127) | 64);
    }

    public static bool IsSupported => PointLanes.IsSupported;

    [SkipLocalsInit]
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        byte* input = stackalloc byte[(2 * Half) + LongestMessage];
        byte* nonce = stackalloc byte[Half];
        byte* challenge = stackalloc byte[Half];
        _secret.AsSpan(Half).CopyTo(new Span<byte>(input + Half, Half));
        message.CopyTo(new Span<byte>(input + (2 * Half), message.Length));
        HashToScalar(input + Half, Half + message.Length, nonce);
        PointLanes.MultiplyBase(new ReadOnlySpan<byte>(nonce, Half)).Write(signature);

        signature[..Half].CopyTo(new Span<byte>(input, Half));
        _publicKey.Value.CopyTo(new Span<byte>(input + Half, Half));
        HashToScalar(input, (2 * Half) + message.Length, challenge);
        fixed (byte* secret = _secret, s = signature[Half..])
        {
            Sodium.crypto_core_ed25519_scalar_mul(challenge, challenge, secret);
            Sodium.crypto_core_ed25519_scalar_add(s, challenge, nonce);
        }

        new Span<byte>(nonce, Half).Clear();
        new Span<byte>(challenge, Half).Clear();
    }

    [SkipLocalsInit]
    private static void HashToScalar(byte* input, int length, byte* scalar)
    {
        byte* hash = stackalloc byte[HashSize];
        _ = Sodium.crypto_hash_sha512(hash, input, (ulong)length);
        Sodium.crypto_core_ed25519_scalar_reduce(scalar, hash);
        new Span<byte>(hash, HashSize).Clear();
    }
}
