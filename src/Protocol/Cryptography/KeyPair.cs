using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>Makes the 64-byte Ed25519 signature of a message, with a secret key that it alone knows.</summary>
public delegate byte[] MessageSigner(ReadOnlySpan<byte> message);

/// <summary>An Ed25519 signing pair derived from a 32-byte seed; held as plain bytes, because guarded keys cost mappings.</summary>
public sealed class KeyPair
{
    private readonly byte[]? _secret;

    private KeyPair(PublicKey publicKey, byte[]? secret, MessageSigner? signer = null)
        => (PublicKey, _secret, Signer) = (publicKey, secret, signer);

    public PublicKey PublicKey { get; }

    /// <summary>Seed ‖ public key, 64 bytes, the form JavaScript keeps.</summary>
    internal ReadOnlySpan<byte> Secret => _secret ?? throw new InvalidOperationException("the secret of this key is not here");

    /// <summary>Whether the secret is here.</summary>
    public bool HoldsSecret => _secret is not null;

    /// <summary>Signs where the secret is; null when it is here.</summary>
    internal MessageSigner? Signer { get; }

    /// <summary>The 32-byte seed, for storage in a private place.</summary>
    public Bytes32 ExportSeed() => new(Secret[..32]);

    public static unsafe KeyPair FromSeed(Bytes32 seed)
    {
        _ = Sodium.Ready;
        byte[] secret = new byte[64];
        Span<byte> publicKey = stackalloc byte[32];
        fixed (byte* p = publicKey, s = secret, i = seed.Span)
            _ = Sodium.crypto_sign_seed_keypair(p, s, i);
        return new KeyPair(new PublicKey(new Bytes32(publicKey)), secret);
    }

    /// <summary>
    /// A pair whose secret is elsewhere: it signs announcements, records, events and cores, which do not store it, and shakes no hands, for
    /// which upstream wants the secret too.
    /// </summary>
    public static KeyPair FromSigner(PublicKey publicKey, MessageSigner signer) => new(publicKey, null, signer);

    /// <summary>This pair, to shake hands with.</summary>
    /// <exception cref="ArgumentException">The secret is elsewhere.</exception>
    public KeyPair RequireSecret()
        => HoldsSecret ? this : throw new ArgumentException("a handshake needs the secret of its key, and this one's is elsewhere");

    /// <summary>A fresh pair whose seed is drawn from the given source.</summary>
    public static KeyPair Generate(IEntropy entropy) => FromSeed(entropy.Next32());

    public override string ToString() => $"KeyPair {PublicKey.ToShort()}";
}
