using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>One entry of the derived bee: a readable key and JSON.</summary>
public sealed record BeePut(string Key, ReadOnlyMemory<byte> Value);

/// <summary>What the derived bee says about an auction; it follows from the chain and can be rebuilt from it.</summary>
public static class BeeProjection
{
    /// <summary>Entries for the envelopes of the chain from a place on.</summary>
    public static ImmutableArray<BeePut> Project(AuctionState state, int from)
    {
        if (state.Terms is not { } terms)
            return [];
        var puts = ImmutableArray.CreateBuilder<BeePut>();
        string id = state.Id.ToHex();
        foreach (Envelope envelope in state.Chain.Skip(from))
        {
            switch (envelope.Message)
            {
                case Message.Open:
                    puts.Add(new BeePut($"open/{id}", AuctionJson.Bytes(json => WriteOpening(json, state, terms))));
                    puts.Add(new BeePut($"seller/{state.Seller.ToHex()}/{id}", AuctionJson.Bytes(json => WriteItem(json, terms))));
                    break;
                case Message.Decision { Subject: { Message: Message.Bid offer } bid } decision:
                    puts.Add(new BeePut(
                        $"bid/{id}/{envelope.Sequence.ToString("x16", CultureInfo.InvariantCulture)}",
                        AuctionJson.Bytes(json => WriteBid(json, terms.Currency, bid, offer, decision))));
                    break;
                case Message.Close or Message.Cancel:
                    puts.Add(new BeePut($"close/{id}", AuctionJson.Bytes(json => WriteClose(json, state, terms.Currency, envelope))));
                    break;
                default:
                    break;
            }
        }

        return puts.ToImmutable();
    }

    /// <summary>Where the auction of an <c>open/…</c> entry is written, for taking up again what was followed before.</summary>
    public static bool TryReadCore(ReadOnlyMemory<byte> opening, out PublicKey core)
    {
        core = default;
        try
        {
            using JsonDocument json = JsonDocument.Parse(opening);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("core", out JsonElement hex)
                && hex.ValueKind == JsonValueKind.String
                && PublicKey.TryParse(hex.GetString(), out core);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteOpening(Utf8JsonWriter json, AuctionState state, AuctionTerms terms)
    {
        json.WriteStartObject();
        json.WriteString("id", state.Id.ToHex());
        json.WriteString("seller", state.Seller.ToHex());
        json.WriteString("core", terms.Core.ToHex());
        json.WriteString("item", terms.Item);
        json.WriteString("title", terms.Title);
        json.WriteString("code", terms.Currency.Code);
        json.WriteNumber("scale", terms.Currency.Scale);
        json.WriteString("start", terms.Currency.Format(terms.StartUnits));
        AuctionJson.WriteAmount(json, "reserve", terms.Currency, terms.ReserveUnits);
        json.WriteString("close", terms.Close == ClosePolicy.Timed ? "timed" : "manual");
        json.WriteNumber("endsAt", terms.EndsAt);
        json.WriteNumber("at", state.Chain[0].Content.At);
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, AuctionTerms terms)
    {
        json.WriteStartObject();
        json.WriteString("item", terms.Item);
        json.WriteEndObject();
    }

    private static void WriteBid(Utf8JsonWriter json, Currency currency, Envelope bid, Message.Bid offer, Message.Decision decision)
    {
        string code = offer.Code.Length > 0 ? offer.Code : currency.Code;
        json.WriteStartObject();
        json.WriteString("bidder", bid.Author.ToHex());
        json.WriteString("amount", currency.Format(offer.Units));
        json.WriteString("code", code);
        json.WriteString("verdict", decision.Verdict.ToText());
        json.WriteString("bid", bid.Hash.ToHex());
        json.WriteNumber("at", decision.DecidedAt);
        json.WriteEndObject();
    }

    private static void WriteClose(Utf8JsonWriter json, AuctionState state, Currency currency, Envelope envelope)
    {
        json.WriteStartObject();
        json.WriteString("status", state.Status.ToText());
        json.WriteNumber("seq", envelope.Sequence);
        json.WriteNumber("at", envelope.Content.At);
        if (state.Result is { } result)
        {
            json.WriteString("outcome", result.Outcome.ToText());
            if (result.Outcome == Outcome.Sold)
            {
                json.WriteString("winner", result.Winner.ToHex());
                json.WriteString("price", currency.Format(result.PriceUnits));
                json.WriteString("code", currency.Code);
            }
        }

        json.WriteEndObject();
    }
}
