using System.Text.Json.Nodes;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Running;
using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Reports;

/// <summary>A finished run as summary.json.</summary>
public static class SummaryJson
{
    public static JsonObject Of(RunReport report, string replay)
    {
        RunView view = report.Outcome.View;
        int peers = report.Scenario.Peers.Count();
        return new JsonObject
        {
            ["verdict"] = VerdictOf(report.Outcome.Verdict),
            ["reason"] = report.Outcome.Reason,
            ["name"] = report.Scenario.Name,
            ["seed"] = report.Scenario.Seed,
            ["net"] = report.Scenario.Net == Backend.Virtual ? "virtual" : "udp",
            ["peers"] = peers,
            ["auctions"] = new JsonArray([.. view.Auctions.Select(auction => AuctionOf(auction, view)).OfType<JsonNode>()]),
            ["bids"] = BidsOf(report.Outcome.Bids),
            ["cores"] = new JsonArray([.. CoresOf(view)]),
            ["properties"] = new JsonArray([.. report.Outcome.Properties.Select(PropertyOf)]),
            ["convergenceMs"] = ConvergenceOf(report.Outcome.Delays),
            ["events"] = new JsonObject { ["count"] = report.Events.Count, ["digest"] = report.Events.Digest },
            ["traffic"] = new JsonObject { ["datagrams"] = report.Traffic.Datagrams, ["bytes"] = report.Traffic.Bytes },
            ["faults"] = new JsonArray([.. report.Outcome.Faults.Select(fault => JsonValue.Create(fault))]),
            ["wallMs"] = (long)report.Wall.TotalMilliseconds,
            ["virtualMs"] = report.VirtualTime is { } time ? (long)time.TotalMilliseconds : null,
            ["peakRssMb"] = report.Memory.PeakBytes >> 20,
            ["memoryPerPeerKb"] = report.Memory.PerPeer(peers) >> 10,
            ["replay"] = replay,
        };
    }

    public static string VerdictOf(RunVerdict verdict) => verdict switch
    {
        RunVerdict.Pass => "pass",
        RunVerdict.Fail => "fail",
        RunVerdict.Inconclusive => "inconclusive",
        RunVerdict.Interrupted => "interrupted",
        _ => "error",
    };

    private static JsonObject? AuctionOf(AuctionName name, RunView view)
    {
        if (view.Find(name.Seller)?.Auction(name.Id) is not { } auction)
            return null;
        var digests = new JsonObject();
        foreach (ParticipantView participant in view.Participants)
            digests[participant.Name] = participant.Auction(name.Id)?.Digest.ToHex();
        return new JsonObject
        {
            ["id"] = name.Id.ToHex(),
            ["title"] = name.Name,
            ["seller"] = name.Seller,
            ["status"] = auction.Status.ToString().ToUpperInvariant(),
            ["outcome"] = auction.Result is { } result ? OutcomeOf(result.Outcome) : null,
            ["winner"] = auction.Result is { Outcome: Outcome.Sold } sold ? PeerOf(sold.Winner, view) : null,
            ["price"] = Amount(auction, PriceOf(auction)),
            ["code"] = auction.Currency.Code,
            ["high"] = Amount(auction, auction.HighUnits),
            ["digests"] = digests,
        };
    }

    private static long? PriceOf(AuctionSummary auction) => auction.Result switch
    {
        null => auction.HighUnits,
        { Outcome: Outcome.Sold } sold => sold.PriceUnits,
        _ => null,
    };

    private static string? Amount(AuctionSummary auction, long? units) => units is { } known ? auction.Currency.Format(known) : null;

    private static string OutcomeOf(Outcome outcome) => outcome switch
    {
        Outcome.Sold => "SOLD",
        Outcome.NoBids => "NO_BIDS",
        _ => "RESERVE_NOT_MET",
    };

    private static string PeerOf(PublicKey key, RunView view)
        => view.Participants.FirstOrDefault(participant => participant.Identity?.PublicKey == key)?.Name ?? key.ToString();

    private static IEnumerable<JsonNode> CoresOf(RunView view)
    {
        foreach (ParticipantView owner in view.Participants)
        {
            if (owner.Identity is not { } identity || owner.Core(identity.CoreKey) is not { } core)
                continue;
            yield return new JsonObject
            {
                ["key"] = core.Key.ToString(),
                ["owner"] = owner.Name,
                ["length"] = core.Length,
                ["treeHash"] = core.TreeHash.ToHex(),
                ["holders"] = view.Participants.Count(participant => participant.Core(core.Key)?.TreeHash == core.TreeHash),
            };
        }
    }

    private static JsonNode PropertyOf(PropertyOutcome outcome) => new JsonObject
    {
        ["name"] = outcome.Name,
        ["kind"] = outcome.Kind,
        ["verdict"] = outcome.Verdict,
        ["witness"] = outcome.Witness,
    };

    private static JsonObject BidsOf(BidTally bids) => new()
    {
        ["accepted"] = bids.Accepted,
        ["rejected"] = bids.Rejected,
        ["refused"] = bids.Refused,
        ["skipped"] = bids.Skipped,
    };

    private static JsonObject? ConvergenceOf(IReadOnlyList<TimeSpan> delays) => delays.Count == 0
        ? null
        : new JsonObject { ["p50"] = At(delays, 0.5), ["p99"] = At(delays, 0.99), ["max"] = At(delays, 1) };

    private static double At(IReadOnlyList<TimeSpan> delays, double share)
        => Math.Round(delays[(int)Math.Min(delays.Count - 1, share * delays.Count)].TotalMilliseconds, 3);
}
