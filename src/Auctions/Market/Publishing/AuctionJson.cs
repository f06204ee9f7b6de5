using System.Buffers;
using System.Text;
using System.Text.Json;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>Auctions as JavaScript readers see them: amounts are decimal strings, keys and ids lower-case hex.</summary>
public static class AuctionJson
{
    /// <summary>The word for a status, with its underlying name in capitals.</summary>
    public static string ToText(this AuctionStatus status) => status.ToString().ToUpperInvariant();

    /// <summary>One auction of a list.</summary>
    public static void Write(Utf8JsonWriter json, AuctionSummary auction)
    {
        json.WriteStartObject();
        json.WriteString("id", auction.Id.ToHex());
        json.WriteString("seller", auction.Seller.ToHex());
        json.WriteString("sellerName", auction.SellerName);
        json.WriteString("core", auction.Core.ToHex());
        json.WriteString("item", auction.Item);
        json.WriteString("status", auction.Status.ToText());
        WriteAmount(json, "price", auction.Currency, auction.Result is { Outcome: Outcome.Sold } sold ? sold.PriceUnits : auction.HighUnits);
        json.WriteString("code", auction.Currency.Code);
        if (auction.EndsAt == 0)
            json.WriteNull("endsAt");
        else
            json.WriteNumber("endsAt", auction.EndsAt);
        json.WriteString("start", auction.Currency.Format(auction.StartUnits));
        if (auction.Result is { } result)
            WriteResult(json, auction, result);
        json.WriteNumber("seq", auction.Sequence);
        json.WriteString("digest", auction.Digest.ToHex());
        json.WriteEndObject();
    }

    internal static void WriteAmount(Utf8JsonWriter json, string name, Currency currency, long? units)
    {
        if (units is { } known)
            json.WriteString(name, currency.Format(known));
        else
            json.WriteNull(name);
    }

    /// <summary>Writes compact JSON without escaping what people read.</summary>
    internal static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteResult(Utf8JsonWriter json, AuctionSummary auction, AuctionResult result)
    {
        json.WriteString("outcome", result.Outcome.ToText());
        if (result.Outcome != Outcome.Sold)
            return;
        json.WriteString("winner", result.Winner.ToHex());
        json.WriteString("winnerName", auction.WinnerName);
    }
}
