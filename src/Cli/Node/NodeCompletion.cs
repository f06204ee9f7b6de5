namespace AuctionActors.Cli.Node;

/// <summary>What could stand in the place of the last word typed at a node.</summary>
internal static class NodeCompletion
{
    private static readonly string[] WithReference = ["show", "watch", "bid", "close", "cancel", "audit", "export"];

    /// <param name="text">The line up to the cursor.</param>
    /// <param name="references">Names of the auctions, asked for only when one is expected.</param>
    public static IReadOnlyList<string> Find(string text, Func<IReadOnlyList<string>> references)
    {
        string[] words = text.Split(' ');
        string last = words[^1];
        IEnumerable<string> candidates = words switch
        {
            [_] => NodeCommandReader.Words,
            ["sell", ..] when last.StartsWith('-') => NodeCommandReader.SellOptions,
            [string verb, _] when WithReference.Contains(verb) => references(),
            _ => [],
        };
        return [.. candidates.Where(word => word.StartsWith(last, StringComparison.OrdinalIgnoreCase))];
    }
}
