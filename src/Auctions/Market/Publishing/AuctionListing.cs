using System.Collections.Immutable;
using System.Text.Json;
using AuctionActors.Auctions.Market.Participants;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>The JSON that <c>auction/list</c> answers with.</summary>
public static class AuctionListing
{
    public static byte[] Write(ParticipantIdentity self, ImmutableArray<AuctionSummary> auctions) => AuctionJson.Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("publicKey", self.PublicKey.ToHex());
        json.WriteString("name", self.Name);
        json.WriteString("coreKey", self.CoreKey.ToHex());
        json.WriteString("beeKey", self.BeeKey.ToHex());
        json.WriteStartArray("auctions");
        foreach (AuctionSummary auction in auctions)
            AuctionJson.Write(json, auction);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The sellers' cores that a list names, each once, and at most so many.</summary>
    public static ImmutableArray<PublicKey> ReadCores(ReadOnlyMemory<byte> listing, int limit)
    {
        var cores = new List<PublicKey>();
        try
        {
            using JsonDocument json = JsonDocument.Parse(listing);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("auctions", out JsonElement auctions)
                || auctions.ValueKind != JsonValueKind.Array)
                return [];
            foreach (JsonElement auction in auctions.EnumerateArray())
            {
                if (cores.Count < limit && TryReadCore(auction, out PublicKey core) && !cores.Contains(core))
                    cores.Add(core);
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return [.. cores];
    }

    private static bool TryReadCore(JsonElement auction, out PublicKey core)
    {
        core = default;
        return auction.ValueKind == JsonValueKind.Object
            && auction.TryGetProperty("core", out JsonElement hex)
            && hex.ValueKind == JsonValueKind.String
            && PublicKey.TryParse(hex.GetString(), out core);
    }
}
