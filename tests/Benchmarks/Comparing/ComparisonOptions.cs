using System.Globalization;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>What is compared, and how often.</summary>
/// <param name="Filter">A glob over the names of hot paths and metrics.</param>
/// <param name="Runs">Fresh processes of each side.</param>
/// <param name="Samples">Samples that each of them takes the median of; both sides warm up between them alike.</param>
/// <param name="IsJson">JSON lines instead of a table.</param>
internal sealed record ComparisonOptions(string Filter, int Runs, int Samples, bool IsJson)
{
    public const string Usage = "compare [--filter GLOB] [--runs N] [--samples N] [--json]";

    /// <summary>Null when the arguments say something else.</summary>
    public static ComparisonOptions? Parse(IReadOnlyList<string> args)
    {
        ComparisonOptions options = new("*", Runs: 3, Samples: 3, IsJson: false);
        for (int i = 0; i < args.Count; i++)
        {
            ComparisonOptions? next = args[i] switch
            {
                "--json" => options with { IsJson = true },
                "--filter" when i + 1 < args.Count => options with { Filter = args[++i] },
                "--runs" when i + 1 < args.Count && TryCount(args[i + 1], out int runs) => options with { Runs = runs },
                "--samples" when i + 1 < args.Count && TryCount(args[i + 1], out int samples) => options with { Samples = samples },
                _ => null,
            };
            if (next is null)
                return null;
            i += args[i] is "--runs" or "--samples" ? 1 : 0;
            options = next;
        }

        return options;
    }

    private static bool TryCount(string text, out int count)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
