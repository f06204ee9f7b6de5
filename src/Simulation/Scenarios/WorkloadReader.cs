using AuctionActors.Auctions.Rules.Amounts;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Reads the steps of a workload, in order, because later steps speak of auctions that earlier ones open.</summary>
internal sealed class WorkloadReader(PeerNames peers)
{
    private static readonly string[] Actions = ["auction.open", "auction.bid", "auction.close", "core.append"];
    private readonly List<string> _auctions = [];
    private int _number;

    /// <summary>Names of the auctions that have been opened so far.</summary>
    public IReadOnlyList<string> Auctions => _auctions;

    public WorkloadStep? Read(NodeReader node)
    {
        MapReader map = node.Map();
        StepTiming timing = ReadTiming(node, map);
        WorkloadAction? action = map.Required("do") is { } action_ ? ReadAction(action_) : null;
        map.RefuseOthers();
        return action is null ? null : new WorkloadStep(++_number, timing, action);
    }

    private static StepTiming ReadTiming(NodeReader node, MapReader map)
    {
        TimeSpan? at = map.Optional("at")?.Duration();
        TimeSpan? every = map.Optional("every")?.Duration();
        TimeSpan? from = map.Optional("from")?.Duration();
        TimeSpan? to = map.Optional("to")?.Duration();
        long? times = map.Optional("times")?.Count();
        if (at is not null && every is not null)
            node.Problem("a step has 'at' or 'every', not both");
        if (every is null && (from ?? to) is not null)
            node.Problem("'from' and 'to' belong to 'every'");
        if (every is { } zero && zero <= TimeSpan.Zero)
            node.Problem("'every' must be longer than nothing", Units.DurationForm);
        if (every is null)
            return at is null ? new InOrder() : new AtTime(at.Value);
        if (to is null && times is null)
            node.Problem("'every' needs an end", "'times: 10' or 'to: 60s'");
        return new Repeated(every.Value, from ?? TimeSpan.Zero, to, times);
    }

    private WorkloadAction? ReadAction(NodeReader node)
    {
        if (node.Entries().ToArray() is not [(string name, NodeReader value)])
        {
            node.Problem("'do' names one action", "one of " + string.Join(", ", Actions));
            return null;
        }

        if (!Actions.Contains(name))
        {
            value.Unknown(name, $"there is no action '{name}'", Actions);
            return null;
        }

        MapReader map = value.Map();
        ActorChoice by = map.Required("by") is { } actor ? peers.ActorOf(actor) : new ActorChoice([], false);
        WorkloadAction? action = name switch
        {
            "auction.open" => ReadOpen(map, by),
            "auction.bid" => ReadBid(map, by),
            "auction.close" => KnownAuction(map) is { } closed ? new CloseStep(by, closed) : null,
            _ => new AppendStep(by, map.Optional("blocks")?.Counts() ?? new(1, 1), map.Optional("size")?.Sizes() ?? new(64, 64)),
        };
        map.RefuseOthers();
        return action;
    }

    private OpenStep? ReadOpen(MapReader map, ActorChoice by)
    {
        NodeReader? node = map.Required("id");
        string id = node?.Text() ?? "";
        if (_auctions.Contains(id))
            node!.Problem($"'{id}' is open already", "an id of its own for each auction");
        if (by.Everyone)
            node?.Problem("one peer opens an auction", "by: a peer, or one(group)");
        _auctions.Add(id);
        NodeReader? code = map.Optional("code");
        if (!Currency.TryParse(code?.Text() ?? Currency.Default.Code, out Currency currency))
            code!.Problem($"'{code.Text()}' is not a currency", "USDt, BTC, or a code with its decimals such as EUR:2");
        return AmountIn(currency, map.Required("start")) is { } start
            ? new OpenStep(by, id, map.Optional("item")?.Text() ?? id, start, code?.Text() ?? currency.Code,
                AmountIn(currency, map.Optional("reserve")), AmountIn(currency, map.Optional("increment")))
            : null;
    }

    private static string? AmountIn(Currency currency, NodeReader? node)
    {
        if (node?.Text() is not { } text)
            return null;
        if (currency.ParseAmount(text, out _) != AmountError.None)
            node.Problem($"'{text}' is not an amount of {currency}", $"a number with at most {currency.Scale} decimals");
        return text;
    }

    private BidStep? ReadBid(MapReader map, ActorChoice by)
    {
        string? id = KnownAuction(map);
        string code = map.Optional("code")?.Text() ?? "";
        return id is not null && map.Required("amount") is { } amount ? new BidStep(by, id, ReadAmount(amount), code) : null;
    }

    private static BidAmount ReadAmount(NodeReader node)
    {
        const string Form = "increment(";
        string text = node.Text();
        if (!text.StartsWith(Form, StringComparison.Ordinal))
            return new FixedAmount(text);
        if (text.EndsWith(')') && Units.TryRange<long>(text[Form.Length..^1], Units.TryCount, out ValueRange<long> range))
            return new RaisedAmount(range);
        node.Problem($"'amount' cannot be '{text}'", "an amount such as 75.5, or increment(1..50)");
        return new FixedAmount(text);
    }

    private string? KnownAuction(MapReader map)
    {
        if (map.Required("id") is not { } node)
            return null;
        string id = node.Text();
        if (!_auctions.Contains(id))
            node.Unknown(id, $"no step before this one opens '{id}'", _auctions);
        return id;
    }
}
