using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>An Ed25519 signing pair derived from a 32-byte seed; held as plain bytes, because guarded keys cost mappings.</summary>
public sealed class KeyPair
{
    private readonly byte[] _secret;

    private KeyPair(PublicKey publicKey, byte[] secret)
    {
        PublicKey = publicKey;
        _secret = secret;
    }

    public PublicKey PublicKey { get; }

    /// <summary>Seed ‖ public key, 64 bytes, the form JavaScript keeps.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The 32-byte seed, for storage in a private place.</summary>
    public Bytes32 ExportSeed() => new(_secret.AsSpan(0, 32));

    public static unsafe KeyPair FromSeed(Bytes32 seed)
    {
        _ = Sodium.Ready;
        byte[] secret = new byte[64];
        Span<byte> publicKey = stackalloc byte[32];
        fixed (byte* p = publicKey, s = secret, i = seed.Span)
            _ = Sodium.crypto_sign_seed_keypair(p, s, i);
        return new KeyPair(new PublicKey(new Bytes32(publicKey)), secret);
    }

    /// <summary>A fresh pair whose seed is drawn from the given source.</summary>
    public static KeyPair Generate(IEntropy entropy) => FromSeed(entropy.Next32());

    public override string ToString() => $"KeyPair {PublicKey.ToShort()}";
}
