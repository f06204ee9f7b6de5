using System.Diagnostics;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Benchmarks.Auctions;

/// <summary>
/// Bids accepted by one seller from 1, 10 and 50 clients. Ours are signed, ruled on with a signature and flushed before the answer;
/// the script's are unsigned entries of a bee that is not flushed.
/// </summary>
internal sealed class AuctionHotPath : IHotPath
{
    private const int Bids = 500;
    private const int Bidders = 50;
    private const string Script11 = "auction.core11";
    private static readonly int[] Clients = [1, 10, 50];

    public string Name => "auction";

    public IReadOnlyList<string> Script => ["auction.js", "--v", "11", "--bids", $"{Bids}"];

    public IReadOnlyList<string> Metrics => [.. Clients.Select(MetricOf)];

    public IReadOnlyDictionary<string, string> LeftOut
        => ((string[])["naive", "list"]).SelectMany(model => Clients, (model, clients) => $"{Script11}.{model}.{clients}clients")
            .ToDictionary(metric => metric, _ => "not measured: a model of the tutorial that rewrites the whole auction with each bid");

    public async Task MeasureAsync(MetricReport report)
    {
        using ServingProcess seller = await ServingProcess.StartAsync(this);
        using RealRuntime runtime = new("bidders");
        Bidder[] bidders = await Task.WhenAll(Enumerable.Range(0, Bidders).Select(number => Bidder.DialAsync(runtime, seller, number)));
        Bytes32 warmUp = await OpenAuctionAsync(seller);
        for (int i = 0; i < Bidders; i++)
            await bidders[i].BidAsync(warmUp, i + 1);
        foreach (int clients in Clients)
            await report.SampleAsync(MetricOf(clients), "bids/s", () => BidAsync(seller, bidders[..clients]));
    }

    public async Task ServeAsync(ServingSide side, IReadOnlyList<string> args)
    {
        using RealRuntime runtime = new("seller");
        using DiskFileStore files = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmark-seller-");
        Testnet net = await Testnet.StartAsync(runtime, 4);
        ParticipantOptions options = new()
        {
            Name = "seller",
            Storage = folder.FullName,
            Bind = PeerAddress.Loopback(0),
            Bootstrap = [net.Bootstrap],
            IsFirewalled = true,
        };
        PeerRuntime peer = runtime.Peer("seller", files);
        IActorRef participant = runtime.System.ActorOf(ParticipantActor.Props(peer, options, PeerActor.Props), "seller");
        ParticipantClient seller = new(participant, Testnet.Patience);
        var identity = (ParticipantProtocol.Identity)await seller.QueryAsync(number => new ParticipantProtocol.WhoAmI(number));
        JsonObject ready = new() { ["bootstrap"] = (int)net.Bootstrap.Port, ["key"] = identity.Self.PublicKey.ToHex() };
        int opened = 0;
        await side.RunAsync(ready, async (_, _) =>
        {
            AuctionOffer offer = new() { Item = $"item-{++opened}", StartUnits = 1 };
            var answer = (ParticipantProtocol.Opened)await seller.OrderAsync(number => new ParticipantProtocol.OpenAuction(number, offer));
            return new JsonObject { ["auction"] = answer.Auction.Id.ToHex() };
        });
        await seller.StopAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>A bid that comes after a higher one of another client is ruled on, but not accepted and not counted.</summary>
    private static async Task<double> BidAsync(ServingProcess seller, Bidder[] bidders)
    {
        Bytes32 auction = await OpenAuctionAsync(seller);
        long next = 0;
        int accepted = 0;
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(bidders.Select(async bidder =>
        {
            for (long units; (units = Interlocked.Increment(ref next)) <= Bids;)
            {
                if (await bidder.BidAsync(auction, units))
                    Interlocked.Increment(ref accepted);
            }
        }));
        return accepted / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<Bytes32> OpenAuctionAsync(ServingProcess seller)
    {
        JsonObject opened = await seller.AskAsync("open");
        return Bytes32.TryParseHex((string)opened["auction"]!, out Bytes32 auction) ? auction : throw new FormatException($"{opened}");
    }

    private static string MetricOf(int clients) => $"{Script11}.keys.{clients}clients";
}
