namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Median, minimum and maximum of one side's runs.</summary>
internal sealed record Measurement(double Median, double Min, double Max)
{
    public static Measurement? Of(IReadOnlyList<double> samples)
    {
        if (samples.Count == 0)
            return null;
        double[] sorted = [.. samples.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Measurement(median, sorted[0], sorted[^1]);
    }
}

/// <summary>One line of the comparison; a ratio above 1 means that ours is better.</summary>
internal sealed record ComparedMetric(string Metric, string Unit, bool LowerIsBetter, Measurement? Ours, Measurement? Js)
{
    /// <summary>Why ours is not measured, or which metric of the script it stands against.</summary>
    public string? Remark { get; init; }

    public double? Ratio => Ours is null || Js is null ? null : LowerIsBetter ? Js.Median / Ours.Median : Ours.Median / Js.Median;
}
