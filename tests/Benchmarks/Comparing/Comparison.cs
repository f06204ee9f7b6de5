using System.IO.Enumeration;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs both sides of each hot path in turn, so that drift of the machine meets both alike.</summary>
internal sealed class Comparison(IReadOnlyList<IHotPath> paths, ComparisonOptions options)
{
    public async IAsyncEnumerable<ComparedMetric> RunAsync()
    {
        foreach (IHotPath path in paths.Where(Concerns))
        {
            Samples ours = new(), js = new();
            for (int run = 0; run < options.Runs; run++)
            {
                Console.Error.WriteLine($"{path.Name}: run {run + 1} of {options.Runs}");
                ours.Add(await OurSide.RunAsync(path, options.Samples));
                js.Add(await JavaScriptSide.RunAsync(path, options.Samples));
            }

            foreach (ComparedMetric row in Rows(path, ours, js).Where(row => Matches(path.Name) || Matches(row.Metric)))
                yield return row;
        }
    }

    private bool Concerns(IHotPath path)
        => Matches(path.Name) || path.Metrics.Concat(path.LeftOut.Keys).Any(Matches);

    private bool Matches(string name) => FileSystemName.MatchesSimpleExpression(options.Filter, name);

    private static IEnumerable<ComparedMetric> Rows(IHotPath path, Samples ours, Samples js)
    {
        foreach (string metric in ours.Metrics.Union(js.Metrics).Union(path.LeftOut.Keys))
        {
            string unit = js.UnitOf(metric) ?? ours.UnitOf(metric) ?? "";
            string? counterpart = path.Counterparts.GetValueOrDefault(metric);
            yield return new ComparedMetric(metric, unit, unit is "s" or "ms" or "KB", ours[metric], js[counterpart ?? metric])
            {
                Remark = path.LeftOut.GetValueOrDefault(metric) ?? (counterpart is null ? null : $"against {counterpart}"),
            };
        }
    }

    private sealed class Samples
    {
        private readonly Dictionary<string, (string Unit, List<double> Values)> _byMetric = [];

        public IEnumerable<string> Metrics => _byMetric.Keys;

        public Measurement? this[string metric]
            => _byMetric.TryGetValue(metric, out (string, List<double> Values) found) ? Measurement.Of(found.Values) : null;

        public string? UnitOf(string metric) => _byMetric.TryGetValue(metric, out (string Unit, List<double>) found) ? found.Unit : null;

        public void Add(IReadOnlyList<Figure> figures)
        {
            foreach (Figure figure in figures)
            {
                if (!_byMetric.TryGetValue(figure.Metric, out (string, List<double> Values) found))
                    _byMetric.Add(figure.Metric, found = (figure.Unit, []));
                found.Values.Add(figure.Value);
            }
        }
    }
}
