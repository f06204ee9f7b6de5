using System.Diagnostics;
using System.Globalization;
using System.Text;
using Akka.Actor;
using AuctionActors.Benchmarks.Cores;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Benchmarks.Sizes;

/// <summary>What cores and bees cost as they grow: one row for each size, durable writes throughout.</summary>
internal static class SizeTable
{
    public const string Usage = "sizes N...";

    private const int Batch = 1000;
    private const int Gets = 5000;
    private static readonly byte[] Value = Enumerable.Repeat((byte)1, 100).ToArray();

    /// <summary>Null when an argument is no number of whole batches.</summary>
    public static int[]? Parse(IEnumerable<string> args)
    {
        int[] sizes = [.. args.Select(arg => int.TryParse(arg, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
        return sizes.Length > 0 && sizes.All(size => size > 0 && size % Batch == 0) ? sizes : null;
    }

    public static async Task PrintAsync(IEnumerable<int> sizes)
    {
        // The first row would be mostly compilation.
        _ = await CoreRowAsync(10 * Batch);
        _ = await BeeRowAsync(10 * Batch);
        Console.WriteLine("| what | size | writes/s | reads/s | opens in ms | memory when open, KB | memory after reads, KB |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (int size in sizes)
        {
            Console.WriteLine(await CoreRowAsync(size));
            Console.WriteLine(await BeeRowAsync(size));
        }
    }

    private static async Task<string> CoreRowAsync(int size)
    {
        using SizedStore store = new();
        await store.OpenAsync();
        ReadOnlyMemory<byte>[] blocks = CoreBench.MakeBlocks(Batch, Value.Length);
        double writes = Batch * await RateAsync(
            store, store.Core, size / Batch, number => new CoreProtocol.Append(number, blocks), message => message is CoreProtocol.Done);
        await store.CloseAsync();

        long before = await SettledMemoryAsync();
        long began = Stopwatch.GetTimestamp();
        CoreInfo info = await store.OpenAsync();
        TimeSpan opened = Stopwatch.GetElapsedTime(began);
        long open = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (info.ContiguousLength != size)
            throw new InvalidOperationException($"{info.ContiguousLength} of {size} blocks are there");
        Random random = new(1);
        double reads = await RateAsync(
            store, store.Core, Gets, number => new CoreProtocol.GetBlock(number, random.Next(size)), message => message is CoreProtocol.Block);
        return Row("core", size, writes, reads, opened, open, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    private static async Task<string> BeeRowAsync(int size)
    {
        using SizedStore store = new();
        await store.OpenAsync();
        int[] order = [.. Enumerable.Range(0, size)];
        new Random(1).Shuffle(order);
        double writes = Batch * await RateAsync(
            store, store.OpenBee(), size / Batch, number => new BeeProtocol.Write(number, [.. order.Skip((int)number * Batch).Take(Batch).Select(Edit)]),
            message => message is BeeProtocol.Written);
        await store.CloseAsync();

        long before = await SettledMemoryAsync();
        long began = Stopwatch.GetTimestamp();
        await store.OpenAsync();
        IActorRef bee = store.OpenBee();
        await RateAsync(store, bee, 1, number => new BeeProtocol.GetRange(number, BeeRange.All with { Limit = 1 }), message => message is BeeProtocol.Entries);
        TimeSpan opened = Stopwatch.GetElapsedTime(began);
        long open = GC.GetTotalMemory(forceFullCollection: true) - before;
        Random random = new(2);
        double reads = await RateAsync(
            store, bee, Gets, number => new BeeProtocol.Get(number, KeyOf(random.Next(size))), message => message is BeeProtocol.Entry { Found: not null });
        return Row("bee", size, writes, reads, opened, open, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    private static Task<double> RateAsync(SizedStore store, IActorRef target, int count, Func<long, object> request, Func<object, bool> isAnswer)
        => new Load(target, request, isAnswer) { Count = count }.RateAsync(store.Loader);

    private static string Row(string what, int size, double writes, double reads, TimeSpan opened, long open, long used)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {size} | {writes:f0} | {reads:f0} | {opened.TotalMilliseconds:f1} | {open / 1024.0:f0} | {used / 1024.0:f0} |");

    // What was closed is let go of by actors that are still stopping.
    private static async Task<long> SettledMemoryAsync()
    {
        await Task.Delay(200);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static BeeEdit Edit(int key) => new(KeyOf(key), Value);

    private static byte[] KeyOf(int key) => Encoding.UTF8.GetBytes($"key-{key:00000000}");
}
