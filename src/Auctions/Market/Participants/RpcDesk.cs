using System.Text.Json;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Answers to calls that need no decision, from what the participant knows.</summary>
internal sealed class RpcDesk(Signer signer, AuctionDirectory directory, int catchUpLimit)
{
    /// <summary>JSON <c>{nonce}</c> in, <c>{nonce+1}</c> out; null for anything else.</summary>
    public static byte[]? Ping(ReadOnlyMemory<byte> request)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(request);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("nonce", out JsonElement nonce)
                && nonce.ValueKind == JsonValueKind.Number
                && nonce.TryGetInt64(out long number)
                && number < long.MaxValue
                    ? AuctionJson.Bytes(answer =>
                    {
                        answer.WriteStartObject();
                        answer.WriteNumber("nonce", number + 1);
                        answer.WriteEndObject();
                    })
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] List(ParticipantIdentity self) => AuctionListing.Write(self, directory.Summaries);

    /// <summary>A signed note of where this participant's copy of the chain stands; null for an unknown auction.</summary>
    public byte[]? Head(Bytes32 auction, long nowMilliseconds)
    {
        if (directory.Find(auction) is not { IsKnown: true } state)
            return null;
        var note = new Message.HeadNote(state.Seller, state.Head, state.Chain[^1], 0, 0);
        return signer.HeadNote(auction, note, nowMilliseconds).Encode();
    }

    /// <summary>The chain from a place on; null for an unknown auction or a malformed request.</summary>
    public byte[]? Since(ReadOnlyMemory<byte> request)
    {
        if (!SinceRequest.TryDecode(request.Span, out SinceRequest? since) || directory.Find(since.Auction) is not { } state)
            return null;
        int from = (int)Math.Min(since.Sequence, (ulong)state.Chain.Count);
        IEnumerable<Envelope> proof = state.ForkedAt is null ? [] : state.ForkEvidence;
        return EnvelopeList.Encode(state.Chain.Skip(from).Take(catchUpLimit).Concat(proof));
    }
}
