using System.CommandLine;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary>The options that choose a range of keys.</summary>
internal static class BeeBounds
{
    private static readonly Option<string?> s_after = Bound("--gt", "after");
    private static readonly Option<string?> s_from = Bound("--gte", "from");
    private static readonly Option<string?> s_before = Bound("--lt", "before");
    private static readonly Option<string?> s_upTo = Bound("--lte", "up to");
    private static readonly Option<bool> s_reverse = new("--reverse") { Description = "last one first" };
    private static readonly Option<int?> s_limit = new("--limit") { Description = "at most so many" };

    public static void AddOptions(Command verb, bool reverse = true)
    {
        foreach (Option option in (Option[])[s_after, s_from, s_before, s_upTo])
            verb.Options.Add(option);
        AddOrder(verb, reverse);
    }

    /// <summary>Only the order and the number, for verbs whose bounds are no keys.</summary>
    public static void AddOrder(Command verb, bool reverse = true)
    {
        if (reverse)
            verb.Options.Add(s_reverse);
        verb.Options.Add(s_limit);
    }

    public static bool AreGiven(ParseResult parsed)
        => IsReverse(parsed) || Limit(parsed) is not null
            || new[] { s_after, s_from, s_before, s_upTo }.Any(bound => parsed.GetValue(bound) is not null);

    public static bool IsReverse(ParseResult parsed) => parsed.GetValue(s_reverse);

    public static int? Limit(ParseResult parsed)
        => parsed.GetValue(s_limit) is < 0 and { } limit
            ? throw CommandException.Usage($"--limit {limit} is out of range", "0 or more")
            : parsed.GetValue(s_limit);

    public static BeeRange Of(ParseResult parsed, BeeText text)
    {
        ReadOnlyMemory<byte>? Key(Option<string?> bound) => parsed.GetValue(bound) is { } key ? text.Bound(key) : default(ReadOnlyMemory<byte>?);
        return text.Range(new BeeRange
        {
            GreaterThan = Key(s_after),
            GreaterOrEqual = Key(s_from),
            LessThan = Key(s_before),
            LessOrEqual = Key(s_upTo),
            Reverse = IsReverse(parsed),
            Limit = Limit(parsed),
        });
    }

    private static Option<string?> Bound(string name, string meaning) => new(name) { Description = $"keys {meaning} this one" };
}
