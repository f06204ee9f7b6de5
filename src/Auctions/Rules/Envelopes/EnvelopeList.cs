using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AuctionActors.Auctions.Rules.Wire;
using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>Several envelopes in one message: bundles for an audit, and answers to those who catch up.</summary>
public static class EnvelopeList
{
    public const int MaxCount = 65_536;

    private static readonly MessageParser<Wire.Envelopes> Parser = Wire.Envelopes.Parser.WithDiscardUnknownFields(true);

    public static byte[] Encode(IEnumerable<Envelope> envelopes)
    {
        var list = new Wire.Envelopes();
        list.Envelopes_.AddRange(envelopes.Select(envelope => envelope.ToWire()));
        return list.ToByteArray();
    }

    /// <summary>
    /// False when the bytes are no list; envelopes in it that are unsound are counted, not returned. Bytes that are no envelope count as one:
    /// behind an unknown field number the end of a chain could hide.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out ImmutableArray<Envelope> envelopes, out int unsound)
    {
        unsound = 0;
        envelopes = [];
        Wire.Envelopes list;
        try
        {
            list = Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        if (list.Envelopes_.Count > MaxCount)
            return false;
        var sound = ImmutableArray.CreateBuilder<Envelope>(list.Envelopes_.Count);
        foreach (Wire.Envelope wire in list.Envelopes_)
        {
            if (Envelope.TryFromWire(wire, nested: false, out Envelope? envelope))
                sound.Add(envelope);
            else
                unsound++;
        }

        if (list.CalculateSize() != bytes.Length)
            unsound++;
        envelopes = sound.ToImmutable();
        return true;
    }
}

/// <summary>A request for an auction's chain from a sequence number on.</summary>
public sealed record SinceRequest(Bytes32 Auction, ulong Sequence)
{
    public byte[] Encode() => new Since { Auction = WireBytes.Of(Auction), Seq = Sequence }.ToByteArray();

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SinceRequest? request)
    {
        request = null;
        try
        {
            Since since = Since.Parser.ParseFrom(bytes);
            if (WireBytes.TryHash(since.Auction, out Bytes32 auction))
                request = new SinceRequest(auction, since.Seq);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        return request is not null;
    }
}
