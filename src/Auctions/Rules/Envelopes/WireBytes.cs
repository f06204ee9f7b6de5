using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>Thirty-two-byte fields of the wire format.</summary>
internal static class WireBytes
{
    public static ByteString Of(Bytes32 value) => ByteString.CopyFrom(value.Span);

    /// <summary>Zero is written as nothing.</summary>
    public static ByteString OfOptional(Bytes32 value) => value.IsZero ? ByteString.Empty : Of(value);

    public static bool TryHash(ByteString bytes, out Bytes32 value)
    {
        bool fits = bytes.Length == Bytes32.Size;
        value = fits ? new Bytes32(bytes.Span) : default;
        return fits;
    }

    public static bool TryHashOrEmpty(ByteString bytes, out Bytes32 value)
    {
        value = default;
        return bytes.IsEmpty || TryHash(bytes, out value);
    }

    public static bool TryKey(ByteString bytes, out PublicKey key)
    {
        bool fits = TryHash(bytes, out Bytes32 value);
        key = new PublicKey(value);
        return fits;
    }
}
