using System.Globalization;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Numbers with units as people write them: <c>250ms</c>, <c>5%</c>, <c>64KiB</c>, and ranges of them: <c>1..8</c>.</summary>
internal static class Units
{
    private static readonly (string Unit, double Seconds)[] Times =
        [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    private static readonly (string Unit, double Bytes)[] Sizes =
        [("B", 1), ("KiB", 1024), ("MiB", 1 << 20), ("KB", 1e3), ("MB", 1e6)];

    public const string DurationForm = "a duration such as 250ms, 5s or 2m";
    public const string RatioForm = "a share such as 5% or 0.05, at most 100%";
    public const string SizeForm = "a size such as 100B or 64KiB";
    public const string CountForm = "a whole number";

    public static bool TryDuration(string text, out TimeSpan value)
    {
        bool parsed = TryScaled(text, Times, out double seconds) && seconds <= TimeSpan.FromDays(365).TotalSeconds;
        value = parsed ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) : default;
        return parsed;
    }

    public static bool TrySize(string text, out long value)
    {
        bool parsed = TryScaled(text, Sizes, out double bytes) && bytes <= int.MaxValue;
        value = parsed ? (long)Math.Round(bytes) : 0;
        return parsed;
    }

    public static bool TryCount(string text, out long value)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= int.MaxValue;

    public static bool TryRatio(string text, out double value)
    {
        bool percent = text.EndsWith('%');
        bool parsed = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        value = percent ? value / 100 : value;
        return parsed && value <= 1;
    }

    /// <summary>Reads <c>a..b</c>, or one value; a bare lower bound takes the unit of the upper one.</summary>
    public static bool TryRange<T>(string text, TryRead<T> read, out ValueRange<T> range)
        where T : IComparable<T>
    {
        range = default;
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            bool single = read(text, out T value);
            range = new ValueRange<T>(value);
            return single;
        }

        string lower = text[..dots].Trim(), upper = text[(dots + 2)..].Trim();
        if (!read(upper, out T to) || (!read(lower + UnitOf(upper), out T from) && !read(lower, out from)) || from.CompareTo(to) > 0)
            return false;
        range = new ValueRange<T>(from, to);
        return true;
    }

    public delegate bool TryRead<T>(string text, out T value);

    private static string UnitOf(string text) => text[(text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1)..];

    private static bool TryScaled(string text, (string Unit, double Factor)[] units, out double value)
    {
        value = 0;
        string unit = UnitOf(text);
        if (!double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return false;
        foreach ((string name, double factor) in units)
        {
            if (name == unit || (unit.Length == 0 && number == 0))
            {
                value = number * factor;
                return true;
            }
        }

        return false;
    }
}
