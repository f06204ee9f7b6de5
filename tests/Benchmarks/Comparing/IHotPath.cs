using AuctionActors.Benchmarks.Measuring;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>One hot path, measured on our side and by a script on the JavaScript side, each in processes of its own.</summary>
internal interface IHotPath
{
    /// <summary>What <c>--filter</c> matches, beside the names of metrics.</summary>
    string Name { get; }

    /// <summary>Script in <c>js/</c> with its arguments; it prints a JSON line for each metric.</summary>
    IReadOnlyList<string> Script { get; }

    /// <summary>Every metric of ours that <see cref="MeasureAsync"/> reports, named as the script names its own.</summary>
    IReadOnlyList<string> Metrics { get; }

    /// <summary>Metrics of the script that ours does not measure, and why.</summary>
    IReadOnlyDictionary<string, string> LeftOut => new Dictionary<string, string>();

    /// <summary>Metrics that only ours has, and the metric of the script that each is compared with.</summary>
    IReadOnlyDictionary<string, string> Counterparts => new Dictionary<string, string>();

    /// <summary>Measures in this process, which has just been started for it, and reports each metric.</summary>
    Task MeasureAsync(MetricReport report);

    /// <summary>The other process of a hot path that needs two; runs until the measuring one is done with it.</summary>
    Task ServeAsync(ServingSide side, IReadOnlyList<string> args)
        => throw new NotSupportedException($"{Name} is measured in one process");
}
