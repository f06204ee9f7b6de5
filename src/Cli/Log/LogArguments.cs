using System.CommandLine;
using System.Globalization;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Cli.Log;

/// <summary>Arguments that several <c>log</c> verbs take.</summary>
internal static class LogArguments
{
    public static Argument<string> Folder() => new("folder") { Description = "run folder, for example runs/hello/latest, or the log folder itself" };

    public static Option<string?> Correlation() => new("--corr")
    {
        Description = "key=value, for example auction=Pic#1 or auction=9f3c (the beginning of an id is enough)",
    };

    /// <summary>Reads <c>key=value</c>.</summary>
    public static Correlation? ParseCorrelation(string? text)
    {
        if (text is null)
            return null;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1
            ? new Correlation(text[..equals], text[(equals + 1)..])
            : throw CommandException.Usage($"--corr '{text}' is not key=value", "for example --corr auction=Pic#1");
    }

    /// <summary>Reads <c>12s..12.5s</c>.</summary>
    public static (TimeSpan From, TimeSpan To)? ParseBetween(string? text)
    {
        if (text is null)
            return null;
        string[] ends = text.Split("..");
        return ends.Length == 2 && TryParseMoment(ends[0], out TimeSpan from) && TryParseMoment(ends[1], out TimeSpan to) && from <= to
            ? (from, to)
            : throw CommandException.Usage($"--between '{text}' is not a range of times", "for example --between 12s..12.5s");
    }

    private static bool TryParseMoment(string text, out TimeSpan moment)
    {
        (string Unit, double Milliseconds)[] units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
        foreach ((string unit, double milliseconds) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                moment = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }
        }

        moment = default;
        return false;
    }
}
