using System.Text;
using Akka.Actor;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Cores;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Storage.Bees;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Benchmarks.Bees;

/// <summary>A Hyperbee on a core on disk that keeps its files as upstream does, against either version of upstream's core.</summary>
/// <param name="version">Which of upstream's cores the script uses; ours is the same both times.</param>
internal sealed class BeeHotPath(string version) : IHotPath
{
    private const int Keys = 100_000;
    private const int BatchKeys = Keys / 100;
    private const int SinglePuts = 300;
    private const int Gets = 1000;
    private const int Entries = 20_000;
    private const int ScanSamples = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly byte[] Value = Enumerable.Repeat((byte)1, 100).ToArray();
    private readonly Random _random = new();

    public string Name => $"bee{version}";

    public IReadOnlyList<string> Script => ["bee.js", "--v", version, "--keys", $"{Keys}", "--warm", $"{WarmUp.TotalMilliseconds}"];

    public IReadOnlyList<string> Metrics =>
    [
        $"{Name}.put.single.100B.empty", $"{Name}.put.batch{BatchKeys}.100B", $"{Name}.put.single.100B.at{Keys}",
        $"{Name}.get.random.at{Keys}", $"{Name}.range.first{Entries}of{Keys}", $"{Name}.history.{Entries}",
    ];

    public async Task MeasureAsync(MetricReport report)
    {
        using CoreBench bench = new();
        IActorRef loader = LoadActor.Start(bench.System);
        int[] order = [.. Enumerable.Range(0, Keys)];
        _random.Shuffle(order);
        await report.SampleAsync(Metrics[0], "puts/s", async () =>
        {
            OpenedBee empty = await OpenAsync(bench);
            double rate = await PutAsync(empty.Bee, loader, SinglePuts, number => order[number]);
            await empty.DropAsync();
            return rate;
        }, WarmUp);

        OpenedBee opened = await OpenAsync(bench);
        List<double> batches = [];
        for (int from = 0; from < Keys; from += Keys / 10)
            batches.Add(BatchKeys * await PutBatchesAsync(opened.Bee, loader, order.AsMemory(from, Keys / 10)));
        report.Add(Metrics[1], "puts/s", batches);
        await report.SampleAsync(Metrics[2], "puts/s", () => PutAsync(opened.Bee, loader, SinglePuts, _ => _random.Next(Keys)), WarmUp);
        await report.SampleAsync(Metrics[3], "gets/s", () => GetAsync(opened.Bee, loader), WarmUp);
        MetricReport scans = new(Math.Min(report.Samples, ScanSamples));
        BeeRange range = new() { Limit = Entries };
        await scans.SampleAsync(Metrics[4], "entries/s", async () =>
            Entries * await new Load(opened.Bee, number => new BeeProtocol.GetRange(number, range), HasAllEntries) { Count = 1 }.RateAsync(loader), WarmUp);
        await scans.SampleAsync(Metrics[5], "entries/s", async () =>
            Entries * await new Load(opened.Bee, number => new BeeProtocol.GetHistory(number), HasAllEntries) { Count = 1 }.RateAsync(loader), WarmUp);
        await opened.DropAsync();
    }

    private static async Task<OpenedBee> OpenAsync(CoreBench bench)
    {
        OpenedCore core = await bench.OpenAsync(HypercoreOptions.AsUpstream);
        BeeActorOptions options = new() { MaxEntries = Entries };
        return new OpenedBee(core, bench.System.ActorOf(BeeActor.Props(core.Client.Core, options)));
    }

    private static Task<double> PutAsync(IActorRef bee, IActorRef loader, int count, Func<int, int> next)
        => new Load(bee, number => new BeeProtocol.Write(number, [Edit(next((int)number))]), message => message is BeeProtocol.Written)
        {
            Count = count,
        }.RateAsync(loader);

    private static Task<double> PutBatchesAsync(IActorRef bee, IActorRef loader, ReadOnlyMemory<int> keys)
        => new Load(bee, number => new BeeProtocol.Write(number, [.. BatchOf(keys, number)]), message => message is BeeProtocol.Written)
        {
            Count = keys.Length / BatchKeys,
        }.RateAsync(loader);

    private Task<double> GetAsync(IActorRef bee, IActorRef loader)
        => new Load(bee, number => new BeeProtocol.Get(number, KeyOf(_random.Next(Keys))), message => message is BeeProtocol.Entry { Found: not null })
        {
            Count = Gets,
        }.RateAsync(loader);

    private static bool HasAllEntries(object message)
        => message is BeeProtocol.Entries { Found.Length: Entries } or BeeProtocol.History { Found.Length: Entries };

    private static IEnumerable<BeeEdit> BatchOf(ReadOnlyMemory<int> keys, long number)
        => keys.Slice((int)number * BatchKeys, BatchKeys).ToArray().Select(Edit);

    private static BeeEdit Edit(int key) => new(KeyOf(key), Value);

    private static byte[] KeyOf(int key) => Encoding.UTF8.GetBytes($"key-{key:00000000}");

    private sealed record OpenedBee(OpenedCore Core, IActorRef Bee)
    {
        public Task DropAsync() => Core.DropAsync();
    }
}
