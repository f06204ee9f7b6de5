using System.Diagnostics.CodeAnalysis;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Wire;
using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>The body's bytes, written once by the author and never re-encoded by anybody else.</summary>
internal static class BodyCodec
{
    public static byte[] Encode(EnvelopeContent content)
    {
        var body = new Body
        {
            V = HyperAuction.Version,
            Network = WireBytes.Of(content.Network),
            Auction = content.Auction.IsZero ? ByteString.Empty : WireBytes.Of(content.Auction),
            Seq = content.Sequence,
            Prev = WireBytes.Of(content.Previous),
            AtMs = content.At,
        };
        MessageCodec.Write(body, content.Message);
        return body.ToByteArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, bool nested, [NotNullWhen(true)] out EnvelopeContent? content)
    {
        content = null;
        Body body;
        try
        {
            body = Body.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        if (body.V != HyperAuction.Version
            || !WireBytes.TryHash(body.Network, out Bytes32 network)
            || !WireBytes.TryHashOrEmpty(body.Auction, out Bytes32 auction)
            || !WireBytes.TryHash(body.Prev, out Bytes32 previous)
            || body.Seq > Currency.MaxUnits
            || body.AtMs is < 0 or > Currency.MaxUnits
            || !MessageCodec.TryRead(body, nested, out Message? message)
            || !IsPlaced(message, body.Auction.IsEmpty, body.Seq, previous))
            return false;
        content = new EnvelopeContent(network, auction, body.Seq, previous, body.AtMs, message);
        return true;
    }

    /// <summary>Only an opening and a profile name no auction; both are first, and the first of any chain has no predecessor.</summary>
    private static bool IsPlaced(Message message, bool namesNoAuction, ulong sequence, Bytes32 previous)
    {
        bool belongsToNone = message is Message.Open or Message.UnsupportedOpen or Message.Profile;
        bool isFirst = sequence == 0;
        return belongsToNone == namesNoAuction && isFirst == previous.IsZero && (isFirst || (!belongsToNone && message.IsChained));
    }
}
