using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography.Avx512;

namespace Hyper.Protocol.Cryptography;

/// <summary>One direction of libsodium's secretstream (XChaCha20-Poly1305 with a running state).</summary>
public sealed unsafe class StreamCipher
{
    public const int HeaderSize = 24;

    /// <summary>Bytes a message grows by: an encrypted tag and a MAC.</summary>
    public const int Overhead = 17;

    private readonly byte[] _state = new byte[52];

    /// <summary>Both sides start alike from key and header; the sender draws the header from its entropy source.</summary>
    public StreamCipher(Bytes32 key, ReadOnlySpan<byte> header)
    {
        _ = Sodium.Ready;
        // init_pull and init_push derive the same state; init_push would draw the header from libsodium's own generator.
        fixed (byte* s = _state, h = header[..HeaderSize], k = key.Span)
            _ = Sodium.crypto_secretstream_xchacha20poly1305_init_pull(s, h, k);
    }

    /// <summary>Encrypts the next message into plaintext length + 17 bytes.</summary>
    public void Push(ReadOnlySpan<byte> plain, Span<byte> cipher, byte tag = 0)
    {
        ChaCha20Poly1305.RequireRoom(cipher, plain.Length + Overhead);
        fixed (byte* s = _state, c = cipher, m = plain)
        {
            if (FrameCipher.IsSupported && plain.Length >= FrameCipher.ShortestMessage)
                FrameCipher.Push(s, tag, m, c, plain.Length);
            else
                _ = Sodium.crypto_secretstream_xchacha20poly1305_push(s, c, null, m, (ulong)plain.Length, null, 0, tag);
        }
    }

    /// <summary>Decrypts the next message into cipher length - 17 bytes; false when it was tampered with or is out of order.</summary>
    public bool TryPull(ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        if (cipher.Length < Overhead)
            return false;
        ChaCha20Poly1305.RequireRoom(plain, cipher.Length - Overhead);
        byte tag;
        int length = cipher.Length - Overhead;
        fixed (byte* s = _state, c = cipher, m = plain)
        {
            if (FrameCipher.IsSupported && length >= FrameCipher.ShortestMessage)
                return FrameCipher.TryPull(s, c, m, length);
            return Sodium.crypto_secretstream_xchacha20poly1305_pull(s, m, null, &tag, c, (ulong)cipher.Length, null, 0) == 0;
        }
    }
}
