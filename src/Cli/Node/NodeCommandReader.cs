using System.Globalization;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Cli.Output;
using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Node;

/// <summary>Reads the lines typed at a node; what is wrong with one is said with what would be right.</summary>
internal static class NodeCommandReader
{
    public const string Help = """
        sell <item> <price> [CODE] [--for 10m] [--soft 30s] [--hard 15m] [--reserve P] [--inc P]
        ls · show <ref> · watch <ref> · bid <ref> <amount> [CODE] · close <ref> · cancel <ref> [reason]
        audit <ref> · export <ref> <file> · connect <public key> · peers · connections · traffic · whoami · help · exit
        <ref> is an id prefix, #n of ls, an item, or Seller->Item
        """;

    internal static readonly string[] SellOptions = ["--for", "--soft", "--hard", "--reserve", "--inc"];

    internal static readonly string[] Words =
        ["sell", "ls", "show", "watch", "bid", "close", "cancel", "audit", "export", "connect", "peers", "connections", "traffic", "whoami", "help", "exit"];

    private static readonly (string Suffix, double Seconds)[] DurationUnits = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <summary>Null for an empty line.</summary>
    /// <exception cref="CommandException">The line is no command.</exception>
    public static NodeCommand? Read(string line)
    {
        string[] words = [.. Split(line)];
        return words switch
        {
            [] => null,
            ["sell", .. string[] rest] => Sell(rest),
            ["ls"] => new NodeCommand.List(),
            ["show", string reference] => new NodeCommand.Show(reference),
            ["watch", string reference] => new NodeCommand.Watch(reference),
            ["bid", string reference, string amount] => new NodeCommand.Bid(reference, amount, ""),
            ["bid", string reference, string amount, string code] => new NodeCommand.Bid(reference, amount, code),
            ["close", string reference] => new NodeCommand.Close(reference),
            ["cancel", string reference, .. string[] reason] => new NodeCommand.Cancel(reference, string.Join(' ', reason)),
            ["audit", string reference] => new NodeCommand.Audit(reference),
            ["export", string reference, string file] => new NodeCommand.Export(reference, file),
            ["connect", string key] => new NodeCommand.Connect(Key(key)),
            ["peers"] => new NodeCommand.Peers(),
            ["connections"] => new NodeCommand.Connections(),
            ["traffic"] => new NodeCommand.Traffic(),
            ["whoami"] => new NodeCommand.WhoAmI(),
            ["help"] => new NodeCommand.Help(),
            ["exit" or "quit"] => new NodeCommand.Exit(),
            [string word, ..] => throw Unknown(word),
        };
    }

    private static CommandException Unknown(string word)
    {
        if (Words.Contains(word))
            return CommandException.Usage($"'{word}' is not used like that", Usage(word));
        string? nearest = Spelling.Nearest(word, Words);
        return CommandException.Usage($"'{word}' is no command", nearest is null ? "type help" : $"did you mean '{nearest}'?");
    }

    private static string Usage(string word)
        => Help.Split('\n').SelectMany(line => line.Split(" · ")).Select(usage => usage.Trim())
            .First(usage => usage == word || usage.StartsWith(word + " ", StringComparison.Ordinal));

    private static NodeCommand.Sell Sell(string[] words)
    {
        var options = new Dictionary<string, string>();
        var plain = new List<string>();
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                plain.Add(words[i]);
            else if (!SellOptions.Contains(words[i]) || i + 1 == words.Length)
                throw CommandException.Usage($"'{words[i]}' is not understood", Usage("sell"));
            else
                options[words[i]] = words[++i];
        }

        if (plain.Count is not (2 or 3))
            throw CommandException.Usage("an item and its start price are needed", Usage("sell"));
        if (!Currency.TryParse(plain.Count == 3 ? plain[2] : Currency.Default.Code, out Currency currency))
            throw CommandException.Usage($"'{plain[2]}' is no currency", "a code such as USDt, BTC, EUR or CODE:decimals");
        return new NodeCommand.Sell(Offer(plain[0], plain[1], currency, options));
    }

    private static AuctionOffer Offer(string item, string price, Currency currency, Dictionary<string, string> options) => new()
    {
        Item = item,
        Currency = currency,
        StartUnits = Amount(price, currency),
        ReserveUnits = options.TryGetValue("--reserve", out string? reserve) ? Amount(reserve, currency) : null,
        IncrementUnits = options.TryGetValue("--inc", out string? increment) ? Amount(increment, currency) : 0,
        Duration = options.TryGetValue("--for", out string? time) ? Duration(time) : null,
        SoftClose = options.TryGetValue("--soft", out string? soft) ? Duration(soft)
            : options.ContainsKey("--for") ? TimeSpan.FromSeconds(30) : TimeSpan.Zero,
        HardEnd = options.TryGetValue("--hard", out string? hard) ? Duration(hard) : null,
    };

    private static long Amount(string text, Currency currency) => currency.ParseAmount(text, out long units) switch
    {
        AmountError.None => units,
        AmountError.TooManyDecimals => throw CommandException.Usage($"{currency.Code} has {currency.Scale} decimals"),
        AmountError.TooLarge => throw CommandException.Usage($"{text} {currency.Code} is more than any auction can count"),
        _ => throw CommandException.Usage($"'{text}' is not an amount", "a decimal number such as 75.5"),
    };

    private static TimeSpan Duration(string text)
    {
        foreach ((string suffix, double seconds) in DurationUnits)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number is > 0 and < 1e9)
                return TimeSpan.FromSeconds(number * seconds);
        }

        throw CommandException.Usage($"'{text}' is not a duration", "a number with ms, s, m, h or d, such as 10m");
    }

    private static PublicKey Key(string text)
        => PublicKey.TryParse(text, out PublicKey key)
            ? key
            : throw CommandException.Usage($"'{text}' is not a public key", "64 hexadecimal digits");

    /// <summary>Words between spaces; double quotes keep spaces together.</summary>
    private static IEnumerable<string> Split(string line)
    {
        string[] parts = line.Split('"');
        for (int i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1)
            {
                yield return parts[i];
                continue;
            }

            foreach (string word in parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                yield return word;
        }
    }
}
