using System.Globalization;
using AuctionActors.Benchmarks;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using AuctionActors.Benchmarks.Sizes;
using AuctionActors.Benchmarks.Streams;

switch (args)
{
    case ["measure", string name, "--runs", string samples]:
        await HotPaths.Get(name).MeasureAsync(new MetricReport(int.Parse(samples, CultureInfo.InvariantCulture)));
        Environment.Exit(0);
        return 0;
    case ["serve", string name, .. string[] rest]:
        await HotPaths.Get(name).ServeAsync(new ServingSide(Console.In, Console.Out), rest);
        Environment.Exit(0);
        return 0;
    case ["link", string first, string second]:
        LossyLink.Run(ushort.Parse(first, CultureInfo.InvariantCulture), ushort.Parse(second, CultureInfo.InvariantCulture));
        return 0;
    case ["compare", .. string[] rest] when ComparisonOptions.Parse(rest) is { } options:
        return await CompareAsync(options);
    case ["sizes", .. string[] rest] when SizeTable.Parse(rest) is { } sizes:
        await SizeTable.PrintAsync(sizes);
        Environment.Exit(0);
        return 0;
    default:
        Console.Error.WriteLine($"usage: {ComparisonOptions.Usage}\n       {SizeTable.Usage}");
        return 2;
}

static async Task<int> CompareAsync(ComparisonOptions options)
{
    if (!JavaScriptSide.IsInstalled)
    {
        Console.Error.WriteLine("the JavaScript modules are missing: run 'npm ci' in tests/Benchmarks/js first");
        return 2;
    }

    if (!options.IsJson)
        Console.WriteLine(ComparisonOutput.TableHead);
    await foreach (ComparedMetric row in new Comparison(HotPaths.All, options).RunAsync())
        Console.WriteLine(options.IsJson ? ComparisonOutput.JsonLine(row) : ComparisonOutput.TableRow(row));
    return 0;
}
