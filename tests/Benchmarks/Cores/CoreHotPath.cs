using System.Diagnostics;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Benchmarks.Cores;

/// <summary>Appends, reads and replication of one core on disk, against either version of upstream's module.</summary>
/// <param name="version">Which of upstream's modules; ours is the same both times and keeps the files of version 10.</param>
internal sealed class CoreHotPath(string version) : IHotPath
{
    private const int SingleBlocks = 400;
    private const int DurableBlocks = 2000;
    private const int DurableAppenders = 64;
    private const int BatchBlocks = 500;
    private const int Batches = 20;
    private const int Reads = 2000;
    private const int WarmUpMilliseconds = 2000;
    private const int Blocks = BatchBlocks * Batches;
    private static readonly int[] Sizes = [100, 1024];

    public string Name => $"core{version}";

    public IReadOnlyList<string> Script =>
    [
        "core.js", "--v", version, "--small", $"{ReplicationRun.SmallBlocks}", "--big", $"{ReplicationRun.BigBlocks}", "--warm", $"{WarmUpMilliseconds}",
    ];

    public IReadOnlyList<string> Metrics =>
    [
        .. Sizes.SelectMany(size => (string[])
        [
            Metric("append.single", size), Metric("append.durable.single", size), Metric("append.durable.64appenders", size),
            Metric("append.batch500", size), Metric("get.random", size), Metric("get.random.concurrent", size),
            Metric("append.durable.share", size),
        ]),
        .. ReplicationRun.Sizes.SelectMany(size => (string[])[Metric("replicate.hyperdht", size), Metric("replicate.share", size)]),
    ];

    public IReadOnlyDictionary<string, string> LeftOut => ReplicationRun.Sizes.ToDictionary(
        size => Metric("replicate.memory", size), _ => "not measured: ours replicates over connections only, and those are datagrams");

    public IReadOnlyDictionary<string, string> Counterparts => Sizes
        .SelectMany(size => (string[])[Metric("append.durable.single", size), Metric("append.durable.64appenders", size)], (size, metric) => (size, metric))
        .ToDictionary(pair => pair.metric, pair => Metric("append.single", pair.size));

    public async Task MeasureAsync(MetricReport report)
    {
        using (CoreBench bench = new())
        {
            foreach (int size in Sizes)
                await MeasureAsync(report, bench, size);
        }

        using ServingProcess server = await ServingProcess.StartAsync(this);
        using RealRuntime runtime = new("replication");
        foreach (int size in ReplicationRun.Sizes)
        {
            List<double> rates = [];
            long began = Stopwatch.GetTimestamp();
            do
                await ReplicationRun.DownloadAsync(runtime, server, size);
            while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < WarmUpMilliseconds);
            while (rates.Count < report.Samples)
                rates.Add(await ReplicationRun.DownloadAsync(runtime, server, size));
            report.Add(Metric("replicate.hyperdht", size), "blocks/s", rates);
            double bare = BareSpeeds.HashedAndEncryptedPerSecond(size);
            report.Add(Metric("replicate.share", size), "% of hash and cipher", [.. rates.Select(rate => 100 * rate / bare)]);
        }
    }

    public Task ServeAsync(ServingSide side, IReadOnlyList<string> args) => ReplicationRun.ServeAsync(side);

    private async Task MeasureAsync(MetricReport report, CoreBench bench, int size)
    {
        HypercoreOptions upstream = HypercoreOptions.AsUpstream, durable = new();
        await report.SampleAsync(
            Metric("append.single", size), "blocks/s", () => bench.AppendAsync(upstream, CoreBench.MakeBlocks(SingleBlocks, size), window: 1));
        await report.SampleAsync(
            Metric("append.durable.single", size), "blocks/s", () => bench.AppendAsync(durable, CoreBench.MakeBlocks(SingleBlocks, size), window: 1));
        await report.SampleAsync(
            Metric("append.durable.64appenders", size), "blocks/s",
            () => bench.AppendAsync(durable, CoreBench.MakeBlocks(DurableBlocks, size), DurableAppenders));
        await report.SampleAsync(
            Metric("append.batch500", size), "blocks/s",
            () => bench.AppendBatchesAsync(upstream, CoreBench.MakeBlocks(BatchBlocks, size), Batches),
            TimeSpan.FromMilliseconds(WarmUpMilliseconds));
        await report.SampleAsync(
            Metric("append.durable.share", size), "% of flushes", () => bench.ShareOfFlushesAsync(CoreBench.MakeBlocks(SingleBlocks, size)));
        OpenedCore core = await bench.OpenAsync(upstream);
        await core.AppendBatchesAsync(CoreBench.MakeBlocks(BatchBlocks, size), Batches);
        await report.SampleAsync(Metric("get.random", size), "blocks/s", () => core.ReadAsync(Blocks, Reads, window: 1));
        await report.SampleAsync(Metric("get.random.concurrent", size), "blocks/s", () => core.ReadAsync(Blocks, Reads, window: Reads));
        await core.DropAsync();
    }

    private string Metric(string name, int size) => $"core{version}.{name}.{size}B";
}
