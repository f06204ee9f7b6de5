using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>A signed value under a key, as MUTABLE_GET returns it; the highest sequence number wins.</summary>
public sealed record MutableValue(ulong Sequence, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Signature)
{
    public static MutableValue Sign(KeyPair keyPair, ulong sequence, ReadOnlyMemory<byte> value)
        => new(sequence, value, Ed25519.Sign(keyPair, Signable(sequence, value.Span)));

    public bool IsSignedBy(PublicKey publicKey) => Ed25519.Verify(publicKey, Signable(Sequence, Value.Span), Signature.Span);

    public byte[] Encode()
    {
        CompactWriter writer = new();
        EncodeTo(writer);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out MutableValue value)
    {
        CompactReader reader = new(bytes);
        return TryRead(ref reader, out value);
    }

    internal void EncodeTo(CompactWriter writer) => writer.UInt(Sequence).Buffer(Value.Span).Raw(Signature.Span);

    internal static bool TryRead(ref CompactReader reader, out MutableValue value)
    {
        bool read = reader.TryUInt(out ulong sequence);
        read &= reader.TryBuffer(out ReadOnlySpan<byte> bytes);
        read &= reader.TryRaw(Ed25519.SignatureSize, out ReadOnlySpan<byte> signature);
        value = new MutableValue(sequence, bytes.ToArray(), signature.ToArray());
        return read;
    }

    internal static byte[] Signable(ulong sequence, ReadOnlySpan<byte> value)
    {
        CompactWriter writer = new();
        writer.UInt(sequence).Buffer(value);
        return [.. HyperDhtNamespaces.MutablePut.Span, .. Blake2b.Hash256(writer.Written).Span];
    }
}

/// <summary>The body of MUTABLE_PUT.</summary>
public sealed record MutablePut(PublicKey PublicKey, MutableValue Value)
{
    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.Fixed32(PublicKey.Value);
        Value.EncodeTo(writer);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out MutablePut put)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryFixed32(out Bytes32 key);
        read &= MutableValue.TryRead(ref reader, out MutableValue value);
        put = new MutablePut(new PublicKey(key), value);
        return read;
    }
}
