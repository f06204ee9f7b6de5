using System.Buffers.Binary;
using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>The running hash, chaining key and cipher of one handshake (transport reference 2.3).</summary>
internal sealed class SymmetricState
{
    private readonly byte[] _hash = new byte[KeyedHash.HashSize];
    private readonly byte[] _chainingKey = new byte[KeyedHash.HashSize];
    private Bytes32? _key;
    private uint _nonce;

    internal SymmetricState(NoisePattern pattern, ReadOnlySpan<byte> prologue)
    {
        // The names have 35 bytes, so they are padded rather than hashed.
        Encoding.ASCII.GetBytes($"Noise_{pattern}_Ed25519_ChaChaPoly_BLAKE2b", _hash);
        _hash.CopyTo(_chainingKey, 0);
        MixHash(prologue);
    }

    internal ReadOnlySpan<byte> Hash => _hash;

    internal ReadOnlySpan<byte> ChainingKey => _chainingKey;

    /// <summary>Bytes that encryption adds at this point of the handshake.</summary>
    internal int Overhead => _key is null ? 0 : ChaCha20Poly1305.TagSize;

    internal void MixHash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> mixed = stackalloc byte[KeyedHash.HashSize];
        new Blake2bHasher().Start(KeyedHash.HashSize).Add(_hash).Add(bytes).Finish(mixed);
        mixed.CopyTo(_hash);
    }

    internal void MixKey(Bytes32 shared)
    {
        Span<byte> outputs = stackalloc byte[2 * KeyedHash.HashSize];
        KeyedHash.Hkdf(_chainingKey, shared.Span, outputs);
        outputs[..KeyedHash.HashSize].CopyTo(_chainingKey);
        _key = new Bytes32(outputs.Slice(KeyedHash.HashSize, Bytes32.Size));
        _nonce = 0;
    }

    /// <summary>Writes plaintext length + <see cref="Overhead"/> bytes.</summary>
    internal void EncryptAndHash(ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        if (_key is { } key)
            ChaCha20Poly1305.Encrypt(key, NextNonce(stackalloc byte[ChaCha20Poly1305.NonceSize]), _hash, plain, cipher);
        else
            plain.CopyTo(cipher);
        MixHash(cipher);
    }

    /// <summary>Writes cipher length - <see cref="Overhead"/> bytes.</summary>
    internal bool TryDecryptAndHash(ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        if (_key is not { } key)
            cipher.CopyTo(plain);
        else if (!ChaCha20Poly1305.TryDecrypt(key, NextNonce(stackalloc byte[ChaCha20Poly1305.NonceSize]), _hash, cipher, plain))
            return false;
        MixHash(cipher);
        return true;
    }

    /// <summary>The keys of both directions: first the initiator's sending key.</summary>
    internal (Bytes32 First, Bytes32 Second) Split()
    {
        Span<byte> outputs = stackalloc byte[2 * KeyedHash.HashSize];
        KeyedHash.Hkdf(_chainingKey, [], outputs);
        return (new Bytes32(outputs[..Bytes32.Size]), new Bytes32(outputs.Slice(KeyedHash.HashSize, Bytes32.Size)));
    }

    private ReadOnlySpan<byte> NextNonce(Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[4..], _nonce++);
        return nonce;
    }
}
