using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;

namespace AuctionActors.Cli.Node;

/// <summary>What a node says to programs, one object each; amounts are decimal strings.</summary>
internal static class NodeJson
{
    public static JsonObject Ready(ParticipantIdentity self) => new()
    {
        ["event"] = "ready",
        ["publicKey"] = self.PublicKey.ToHex(),
        ["coreKey"] = self.CoreKey.ToHex(),
        ["beeKey"] = self.BeeKey.ToHex(),
        ["port"] = self.Port,
        ["name"] = self.Name,
    };

    public static JsonObject Opened(ParticipantProtocol.Opened opened)
    {
        JsonObject json = Auction(opened.Auction);
        json["announcedTo"] = opened.PeersTold;
        return json;
    }

    public static JsonObject Answer(ParticipantProtocol.BidAnswered answer) => new()
    {
        ["verdict"] = answer.Verdict.ToText(),
        ["auction"] = answer.Auction.Id.ToHex(),
        ["amount"] = answer.Auction.Currency.Format(answer.Units),
        ["code"] = answer.Auction.Currency.Code,
        ["need"] = answer.Auction.Currency.Format(answer.NeedUnits),
        ["high"] = answer.Auction.HighUnits is { } high ? answer.Auction.Currency.Format(high) : null,
        ["leader"] = answer.Auction.Leader?.ToHex(),
        ["leaderName"] = answer.Auction.LeaderName,
        ["seq"] = answer.Sequence,
    };

    public static JsonObject Closed(ParticipantProtocol.Closed closed)
    {
        JsonObject json = Result(closed.Auction);
        json["notified"] = closed.PeersTold;
        json["acks"] = closed.PeersAcknowledged;
        return json;
    }

    public static JsonObject? Event(ParticipantProtocol.IEvent news) => news switch
    {
        ParticipantProtocol.AuctionOpened { Auction: { IsOwn: false } auction } => Named("FOUND", Auction(auction)),
        ParticipantProtocol.Outbid outbid => new JsonObject
        {
            ["event"] = "OUTBID",
            ["auction"] = outbid.Auction.Id.ToHex(),
            ["by"] = outbid.By.ToHex(),
            ["byName"] = outbid.Auction.LeaderName,
            ["amount"] = outbid.Auction.Currency.Format(outbid.Units),
            ["need"] = outbid.Auction.Currency.Format(outbid.NeedUnits),
        },
        ParticipantProtocol.AuctionClosed closed => Named("CLOSED", Result(closed.Auction)),
        ParticipantProtocol.FaultFound fault => new JsonObject
        {
            ["event"] = "FAULT",
            ["auction"] = fault.Auction.Id.ToHex(),
            ["kind"] = fault.Fault.Kind.ToText(),
            ["author"] = fault.Fault.Author.ToHex(),
            ["seq"] = fault.Fault.Sequence,
        },
        _ => null,
    };

    public static JsonObject Bid(ParticipantProtocol.BidDecided bid) => new()
    {
        ["event"] = "BID",
        ["auction"] = bid.Auction.Id.ToHex(),
        ["bidder"] = bid.Bidder.ToHex(),
        ["verdict"] = bid.Verdict.ToText(),
        ["amount"] = bid.Auction.Currency.Format(bid.Units),
        ["seq"] = bid.Sequence,
    };

    public static JsonObject List(ImmutableArray<AuctionSummary> auctions)
        => new() { ["auctions"] = new JsonArray([.. auctions.Select(JsonNode (auction) => Auction(auction))]) };

    public static JsonObject Show(AuctionSummary auction, ImmutableArray<Envelope> chain)
    {
        JsonObject json = Auction(auction);
        json["need"] = auction.Currency.Format(auction.NeedUnits);
        json["accepts"] = auction.Accepts;
        json["rejects"] = auction.Rejects;
        json["events"] = chain.Length;
        return json;
    }

    public static JsonObject Audit(AuditReport report) => new()
    {
        ["verdict"] = report.Verdict.ToString().ToUpperInvariant(),
        ["digest"] = report.Digest.ToHex(),
        ["events"] = report.Events,
        ["bids"] = report.Bids,
        ["signatures"] = report.Signatures,
        ["missing"] = new JsonArray([.. report.Missing.Select(JsonNode (place) => place)]),
        ["faults"] = new JsonArray([.. (report.View?.Faults ?? []).Select(JsonNode (fault) => fault.Kind.ToText())]),
    };

    public static JsonObject Peers(ImmutableArray<PeerSummary> peers) => new()
    {
        ["peers"] = new JsonArray([.. peers.Select(JsonNode (peer) => new JsonObject
        {
            ["publicKey"] = peer.PublicKey.ToHex(), ["name"] = peer.Name,
        })]),
    };

    private static JsonObject Named(string name, JsonObject json)
    {
        json.Insert(0, "event", name);
        return json;
    }

    private static JsonObject Result(AuctionSummary auction) => new()
    {
        ["auction"] = auction.Id.ToHex(),
        ["item"] = auction.Item,
        ["status"] = auction.Status.ToText(),
        ["outcome"] = auction.Result?.Outcome.ToText(),
        ["winner"] = auction.Result is { Outcome: Outcome.Sold } sold ? sold.Winner.ToHex() : null,
        ["winnerName"] = auction.WinnerName.Length > 0 ? auction.WinnerName : null,
        ["price"] = auction.Result is { Outcome: Outcome.Sold } paid ? auction.Currency.Format(paid.PriceUnits) : null,
        ["code"] = auction.Currency.Code,
        ["digest"] = auction.Digest.ToHex(),
    };

    private static JsonObject Auction(AuctionSummary auction)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            AuctionJson.Write(json, auction);
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.ToArray()))!.AsObject();
    }
}
