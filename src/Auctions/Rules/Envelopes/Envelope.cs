using System.Diagnostics.CodeAnalysis;
using AuctionActors.Auctions.Rules.Wire;
using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>A signed statement. One exists only if its signature and its layout are sound, so holders need not check again.</summary>
public sealed class Envelope : IEquatable<Envelope>
{
    public const int MaxSize = 16 * 1024;

    /// <summary>Closings and faults may carry other envelopes.</summary>
    public const int MaxLargeSize = 256 * 1024;

    private static readonly byte[] HashLabel = HyperAuction.Label("env");
    private static readonly byte[] SignatureLabel = HyperAuction.Label("sig");

    private readonly byte[] _body;
    private readonly byte[] _signature;

    private Envelope(byte[] body, PublicKey author, byte[] signature, Bytes32 hash, EnvelopeContent content)
    {
        _body = body;
        _signature = signature;
        Author = author;
        Hash = hash;
        Content = content;
    }

    public PublicKey Author { get; }

    /// <summary>What names this envelope: in chains, as an auction's id, as a bid's idempotency key.</summary>
    public Bytes32 Hash { get; }

    public EnvelopeContent Content { get; }

    public Message Message => Content.Message;

    public ulong Sequence => Content.Sequence;

    /// <summary>The auction it belongs to; an opening's is its own hash, a profile's is zero.</summary>
    public Bytes32 Auction => Message is Message.Open or Message.UnsupportedOpen ? Hash : Content.Auction;

    public ChainHead Head => new(Sequence, Hash);

    public int EncodedSize => ToWire().CalculateSize();

    /// <summary>Signs content; equal content and key give equal bytes.</summary>
    public static Envelope Seal(KeyPair keyPair, EnvelopeContent content)
    {
        byte[] body = BodyCodec.Encode(content);
        Bytes32 hash = HashOf(keyPair.PublicKey, body);
        byte[] signature = Ed25519.Sign(keyPair, Signable(hash));
        return new Envelope(body, keyPair.PublicKey, signature, hash, content);
    }

    /// <summary>Reads an envelope from anywhere; false when it is too long, malformed or not signed by its author.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Envelope? envelope)
    {
        envelope = null;
        if (bytes.Length > MaxLargeSize)
            return false;
        try
        {
            return TryFromWire(Wire.Envelope.Parser.ParseFrom(bytes), nested: false, out envelope)
                && (bytes.Length <= MaxSize || envelope.Message is Message.Close or Message.Fault);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    public byte[] Encode() => ToWire().ToByteArray();

    public bool Equals(Envelope? other) => other is not null && Hash == other.Hash;

    public override bool Equals(object? obj) => Equals(obj as Envelope);

    public override int GetHashCode() => Hash.GetHashCode();

    public override string ToString() => $"{Message.GetType().Name} {Sequence} by {Author.ToShort()}";

    internal Wire.Envelope ToWire() => new()
    {
        Body = ByteString.CopyFrom(_body),
        Author = ByteString.CopyFrom(Author.Value.Span),
        Sig = ByteString.CopyFrom(_signature),
    };

    /// <param name="nested">Inside another envelope, where only messages that hold none themselves are read.</param>
    internal static bool TryFromWire(Wire.Envelope? wire, bool nested, [NotNullWhen(true)] out Envelope? envelope)
    {
        envelope = null;
        if (wire is null || wire.Author.Length != Bytes32.Size || wire.Sig.Length != Ed25519.SignatureSize)
            return false;
        var author = new PublicKey(new Bytes32(wire.Author.Span));
        byte[] body = wire.Body.ToByteArray();
        Bytes32 hash = HashOf(author, body);
        byte[] signature = wire.Sig.ToByteArray();
        if (!Ed25519.Verify(author, Signable(hash), signature) || !BodyCodec.TryDecode(body, nested, out EnvelopeContent? content))
            return false;
        envelope = new Envelope(body, author, signature, hash, content);
        return true;
    }

    private static Bytes32 HashOf(PublicKey author, ReadOnlySpan<byte> body) => Blake2b.Hash256(HashLabel, author.Value.Span, body);

    private static byte[] Signable(Bytes32 hash) => [.. SignatureLabel, .. hash.Span];
}
