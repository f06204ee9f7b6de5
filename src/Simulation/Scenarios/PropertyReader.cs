using AuctionActors.Simulation.Properties;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Reads the properties and makes sure that every check exists and speaks of things that do.</summary>
internal sealed class PropertyReader(PeerNames peers, IReadOnlyList<string> auctions)
{
    private const string WinnerEqual = "auction.winner_equal";
    private const string CoreLength = "core.length";
    private static readonly TimeSpan DefaultWithin = TimeSpan.FromSeconds(30);
    private readonly HashSet<string> _names = [];

    public IEnumerable<PropertyPlan> Read(NodeReader? node)
        => node?.List().Select(ReadProperty).OfType<PropertyPlan>().ToArray() ?? [];

    private PropertyPlan? ReadProperty(NodeReader node)
    {
        string[] kinds = ["eventually", "always", "never"];
        if (node.Entries().ToArray() is not [(string kind, NodeReader value)])
        {
            node.Problem("a property has one kind", "one of " + string.Join(", ", kinds));
            return null;
        }

        if (!kinds.Contains(kind))
        {
            value.Unknown(kind, $"there is no kind of property '{kind}'", kinds);
            return null;
        }

        MapReader map = value.Map();
        string name = map.Required("name")?.Text() ?? "";
        if (!_names.Add(name))
            value.Problem($"two properties are called '{name}'");
        TimeSpan within = kind == "eventually" ? map.Optional("within")?.Duration() ?? DefaultWithin : default;
        CheckExpression? check = map.Required("check") is { } text ? ReadCheck(text) : null;
        map.RefuseOthers();
        return check is null ? null : new PropertyPlan(name, Enum.Parse<PropertyKind>(kind, ignoreCase: true), within, check);
    }

    private CheckExpression? ReadCheck(NodeReader node)
    {
        string text = node.Text();
        if (!CheckExpression.TryParse(text, out CheckExpression check))
        {
            node.Problem($"'{text}' is not a check", "auction.winner_equal(A1), or core.length(Group) == core.length(owner)");
            return null;
        }

        switch (check.Left.Name)
        {
            case WinnerEqual:
                RequireAuctions(node, check);
                break;
            case CoreLength:
                RequireCores(node, check);
                break;
            default:
                node.Unknown(check.Left.Name, $"there is no check '{check.Left.Name}'", [WinnerEqual, CoreLength]);
                break;
        }

        return check;
    }

    private void RequireAuctions(NodeReader node, CheckExpression check)
    {
        if (check.Right is not null || check.Left.Arguments.Length > 1)
            node.Problem($"'{WinnerEqual}' takes one auction, or none for all, and stands alone");
        foreach (string auction in check.Left.Arguments.Where(auction => !auctions.Contains(auction)))
            node.Unknown(auction, $"no step opens '{auction}'", auctions);
    }

    private void RequireCores(NodeReader node, CheckExpression check)
    {
        if (check.Left.Arguments is not [string holders] || check.Right is not { Name: CoreLength, Arguments: ["owner"] })
            node.Problem($"'{check.Text}' cannot be compared", "core.length(Group) == core.length(owner)");
        else
            _ = peers.Members(node, holders);
    }
}
