namespace AuctionActors.Benchmarks.Comparing;

/// <summary>One hot path, measured on our side and by a script on the JavaScript side.</summary>
internal interface IHotPath
{
    /// <summary>What <c>--filter</c> matches.</summary>
    string Name { get; }

    /// <summary>Script in <c>js/</c> with its arguments; it prints a JSON line for each metric.</summary>
    IReadOnlyList<string> Script { get; }

    /// <summary>One run of ours: a figure for each metric, named as the script names them.</summary>
    Task<IReadOnlyDictionary<string, double>> MeasureAsync();
}
