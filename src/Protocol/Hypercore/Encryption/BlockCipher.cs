using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore.Encryption;

/// <summary>Encrypts single blocks; the tree and all sizes are over the encrypted form (reference 1.10).</summary>
public sealed class BlockCipher
{
    /// <summary>Bytes that an encrypted block is longer: the blinded fork.</summary>
    public const int Padding = 8;

    private readonly Bytes32 _blockKey;
    private readonly Bytes32 _blindingKey;

    public BlockCipher(Bytes32 blockKey)
    {
        _blockKey = blockKey;
        _blindingKey = Blake2b.Hash256(blockKey.Span);
    }

    /// <summary>Derives the block key of a core from its encryption key.</summary>
    public static BlockCipher ForCore(CoreKey key, Bytes32 encryptionKey, bool compat)
        => new(compat
            ? Blake2b.Keyed256(key.Value.Span, encryptionKey.Span)
            : Blake2b.Hash256(CoreNamespace.BlockEncryption.Span, key.Value.Span, encryptionKey.Span));

    public byte[] Encrypt(long index, long fork, ReadOnlySpan<byte> plain)
    {
        byte[] block = new byte[Padding + plain.Length];
        Span<byte> nonce = stackalloc byte[24];
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, index);
        BinaryPrimitives.WriteInt64LittleEndian(block, fork);
        XSalsa20.Apply(_blindingKey, nonce, block.AsSpan(0, Padding));
        block.AsSpan(0, Padding).CopyTo(nonce[8..]);
        plain.CopyTo(block.AsSpan(Padding));
        XSalsa20.Apply(_blockKey, nonce, block.AsSpan(Padding));
        return block;
    }

    /// <summary>False for a block too short to be encrypted; a wrong key is not noticed.</summary>
    public bool TryDecrypt(long index, ReadOnlySpan<byte> block, out byte[] plain)
    {
        plain = [];
        if (block.Length < Padding)
            return false;
        Span<byte> nonce = stackalloc byte[24];
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, index);
        block[..Padding].CopyTo(nonce[8..]);
        plain = block[Padding..].ToArray();
        XSalsa20.Apply(_blockKey, nonce, plain);
        return true;
    }
}
