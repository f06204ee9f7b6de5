using System.Diagnostics;
using System.Text.Json.Nodes;
using AuctionActors.Benchmarks.Comparing;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>Where a hot path of ours puts its figures: a JSON line for each metric, as the scripts print them.</summary>
internal sealed class MetricReport(int samples)
{
    /// <summary>How many samples a metric is the median of, unless the script fixes that itself.</summary>
    public int Samples => samples;

    public void Add(string metric, string unit, params IReadOnlyList<double> figures)
    {
        Measurement measured = Measurement.Of(figures)!;
        JsonObject line = new()
        {
            ["metric"] = metric,
            ["unit"] = unit,
            ["median"] = measured.Median,
            ["min"] = measured.Min,
            ["max"] = measured.Max,
            ["runs"] = figures.Count,
        };
        Console.WriteLine(line.ToJsonString());
    }

    /// <summary>Takes the samples one after the other and reports them.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="unit">Of one sample.</param>
    /// <param name="sample">Does the work and answers the figure.</param>
    /// <param name="warmUp">Work of this long goes before, as in the script.</param>
    public async Task SampleAsync(string metric, string unit, Func<Task<double>> sample, TimeSpan warmUp = default)
    {
        List<double> figures = [];
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < warmUp;)
            await sample();
        while (figures.Count < samples)
            figures.Add(await sample());
        Add(metric, unit, figures);
    }
}
