using AuctionActors.Benchmarks;
using AuctionActors.Benchmarks.Comparing;
using BenchmarkDotNet.Running;

if (args is ["micro", .. string[] rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(HotPaths).Assembly).Run(rest);
    return 0;
}

if (args is not ["compare", .. string[] options])
{
    Console.Error.WriteLine("usage: compare [--filter GLOB] [--runs N] [--json], or micro [BenchmarkDotNet options]");
    return 2;
}

string Option(string name, string otherwise)
    => Array.IndexOf(options, name) is >= 0 and int at && at + 1 < options.Length ? options[at + 1] : otherwise;

if (HotPaths.All.Count == 0)
{
    Console.Error.WriteLine("no hot path of ours is measured yet; 'node SCRIPT.js' in tests/Benchmarks/js measures the JavaScript side");
    return 2;
}

if (!JavaScriptSide.IsInstalled)
{
    Console.Error.WriteLine("the JavaScript modules are missing: run 'npm ci' in tests/Benchmarks/js first");
    return 2;
}

bool json = options.Contains("--json");
if (!json)
    Console.WriteLine(ComparisonOutput.TableHead);
Comparison comparison = new(HotPaths.All, Option("--filter", "*"), int.Parse(Option("--runs", "3"), null));
await foreach (ComparedMetric row in comparison.RunAsync())
    Console.WriteLine(json ? ComparisonOutput.JsonLine(row) : ComparisonOutput.TableRow(row));
return 0;
