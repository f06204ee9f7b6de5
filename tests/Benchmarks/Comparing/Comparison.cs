using System.IO.Enumeration;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs both sides of each hot path in turn, so that drift of the machine meets both alike.</summary>
internal sealed class Comparison(IReadOnlyList<IHotPath> paths, string filter, int runs)
{
    public async IAsyncEnumerable<ComparedMetric> RunAsync()
    {
        foreach (IHotPath path in paths.Where(path => FileSystemName.MatchesSimpleExpression(filter, path.Name)))
        {
            Dictionary<string, List<double>> ours = [], js = [];
            Dictionary<string, string> units = [];
            for (int run = 0; run < runs; run++)
            {
                Console.Error.WriteLine($"{path.Name}: run {run + 1} of {runs}");
                foreach ((string metric, double value) in await path.MeasureAsync())
                    Add(ours, metric, value);
                foreach ((string metric, string unit, double value) in await JavaScriptSide.RunAsync(path.Script))
                {
                    Add(js, metric, value);
                    units[metric] = unit;
                }
            }

            foreach (string metric in js.Keys.Union(ours.Keys))
                yield return Compare(metric, units.GetValueOrDefault(metric, ""), ours, js);
        }
    }

    private static ComparedMetric Compare(string metric, string unit, Dictionary<string, List<double>> ours, Dictionary<string, List<double>> js)
        => new(metric, unit, unit is "s" or "ms" or "KB",
            Measurement.Of(ours.GetValueOrDefault(metric, [])), Measurement.Of(js.GetValueOrDefault(metric, [])));

    private static void Add(Dictionary<string, List<double>> samples, string metric, double value)
    {
        if (!samples.TryGetValue(metric, out List<double>? list))
            samples.Add(metric, list = []);
        list.Add(value);
    }
}
