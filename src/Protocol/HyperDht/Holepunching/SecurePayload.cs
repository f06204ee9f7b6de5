using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Seals holepunch payloads with the secret both ends derive from their handshake: nonce ‖ box.</summary>
public static class SecurePayload
{
    public static byte[] Seal(Bytes32 holepunchSecret, HolepunchPayload payload, IEntropy entropy)
    {
        byte[] plain = payload.Encode();
        byte[] sealedBytes = new byte[SecretBox.NonceSize + SecretBox.TagSize + plain.Length];
        Span<byte> nonce = sealedBytes.AsSpan(0, SecretBox.NonceSize);
        entropy.Fill(nonce);
        SecretBox.Seal(holepunchSecret, nonce, plain, sealedBytes.AsSpan(SecretBox.NonceSize));
        return sealedBytes;
    }

    /// <summary>False when the bytes were sealed with another secret, changed, or do not decode.</summary>
    public static bool TryOpen(Bytes32 holepunchSecret, ReadOnlySpan<byte> sealedBytes, out HolepunchPayload payload)
    {
        payload = new HolepunchPayload(default, default, 0);
        if (sealedBytes.Length < SecretBox.NonceSize + SecretBox.TagSize)
            return false;
        byte[] plain = new byte[sealedBytes.Length - SecretBox.NonceSize - SecretBox.TagSize];
        return SecretBox.TryOpen(holepunchSecret, sealedBytes[..SecretBox.NonceSize], sealedBytes[SecretBox.NonceSize..], plain)
            && HolepunchPayload.TryDecode(plain, out payload);
    }
}
