using System.Collections.Immutable;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Resolves the names by which a scenario speaks of peers.</summary>
internal sealed class PeerNames(ImmutableArray<PeerGroup> groups)
{
    public const string Bootstrap = "bootstrap";
    public const string All = "all";
    public const string Others = "others";

    /// <summary>One peer by name, <c>one(group)</c> or <c>each(group)</c>.</summary>
    public ActorChoice ActorOf(NodeReader node)
    {
        string text = node.Text();
        if (Argument(text, "one") is { } any)
            return new ActorChoice(Members(node, any), Everyone: false);
        if (Argument(text, "each") is { } every)
            return new ActorChoice(Members(node, every), Everyone: true);
        if (groups.Any(group => group.Name == text))
            node.Problem($"'{text}' is a group", $"'{text}#1', 'one({text})' or 'each({text})'");
        return new ActorChoice(Members(node, text), Everyone: false);
    }

    /// <summary>A peer, a group, <c>all</c>, or several of them separated by commas.</summary>
    public ImmutableArray<string> Members(NodeReader node, string text)
        => [.. text.Split(',', StringSplitOptions.TrimEntries).SelectMany(name => Find(node, name)).Distinct()];

    /// <summary>Every peer that is not among the given ones, the implicit bootstrap peer included.</summary>
    public IEnumerable<string> Except(IReadOnlySet<string> names)
        => groups.SelectMany(group => group.Members).Append(Bootstrap).Where(peer => !names.Contains(peer));

    private ImmutableArray<string> Find(NodeReader node, string name)
    {
        if (name == All)
            return [.. groups.SelectMany(group => group.Members)];
        if (groups.FirstOrDefault(group => group.Name == name) is { } whole)
            return [.. whole.Members];
        if (name == Bootstrap || groups.Any(group => group.Members.Contains(name)))
            return [name];
        if (name.Length > 0)
            node.Unknown(name, $"there is no peer '{name}'", [.. Choices(name)]);
        return [];
    }

    private IEnumerable<string> Choices(string name)
        => name.Contains('#', StringComparison.Ordinal) ? groups.SelectMany(group => group.Members) : groups.Select(group => group.Name);

    private static string? Argument(string text, string function)
        => text.StartsWith(function + "(", StringComparison.Ordinal) && text.EndsWith(')') ? text[(function.Length + 1)..^1] : null;
}
