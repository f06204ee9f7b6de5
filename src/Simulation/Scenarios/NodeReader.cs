using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>One value of a scenario file. What is wrong with it is noted, and a harmless value takes its place.</summary>
internal sealed class NodeReader(YamlNode node, string name, List<ScenarioProblem> problems)
{
    public string Name => name;

    public string Text()
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        Problem($"'{name}' needs a value");
        return "";
    }

    public TimeSpan Duration() => Read<TimeSpan>(Units.TryDuration, Units.DurationForm);

    public ValueRange<TimeSpan> Durations() => ReadRange<TimeSpan>(Units.TryDuration, Units.DurationForm);

    public ValueRange<double> Ratios() => ReadRange<double>(Units.TryRatio, Units.RatioForm);

    public ValueRange<long> Sizes() => ReadRange<long>(Units.TrySize, Units.SizeForm);

    public ValueRange<long> Counts() => ReadRange<long>(Units.TryCount, Units.CountForm);

    public long Count() => Read<long>(Units.TryCount, Units.CountForm);

    public ulong Seed()
    {
        if (ulong.TryParse(Text(), out ulong seed))
            return seed;
        Problem($"'{name}' must be a whole number", Units.CountForm);
        return 0;
    }

    public bool Flag()
    {
        string text = Text();
        if (text is not ("true" or "false"))
            Problem($"'{text}' is neither true nor false");
        return text == "true";
    }

    /// <summary>One of a closed set of words.</summary>
    public string Choice(params string[] choices)
    {
        string text = Text();
        if (choices.Contains(text))
            return text;
        if (text.Length > 0)
            Unknown(text, $"'{name}' cannot be '{text}'", choices);
        return choices[0];
    }

    public MapReader Map()
    {
        if (node is YamlMappingNode map)
            return new MapReader(map, name, problems);
        Problem($"'{name}' must be a map of keys to values");
        return new MapReader([], name, problems);
    }

    public IEnumerable<NodeReader> List()
    {
        if (node is YamlSequenceNode list)
            return list.Select((item, i) => new NodeReader(item, $"{name}.{i}", problems));
        Problem($"'{name}' must be a list");
        return [];
    }

    /// <summary>Keys and values, whatever the keys are.</summary>
    public IEnumerable<(string Key, NodeReader Value)> Entries() => Map().Entries();

    public void Unknown(string word, string message, IReadOnlyCollection<string> choices)
    {
        string? nearest = Spelling.Nearest(word, choices);
        Problem(message, nearest is null ? "one of " + string.Join(", ", choices) : $"did you mean '{nearest}'?");
    }

    public void Problem(string message, string? expected = null)
        => problems.Add(At(node, message, expected));

    internal static ScenarioProblem At(YamlNode node, string message, string? expected)
    {
        // A value from the command line was never parsed: it ends where it starts.
        Mark start = node.Start;
        bool given = node is YamlScalarNode && start.Index == node.End.Index;
        return new ScenarioProblem(given ? 0 : (int)start.Line, (int)start.Column, message, expected);
    }

    private T Read<T>(Units.TryRead<T> read, string form)
    {
        string text = Text();
        if (read(text, out T value) || text.Length == 0)
            return value;
        Problem($"'{name}' cannot be '{text}'", form);
        return default!;
    }

    private ValueRange<T> ReadRange<T>(Units.TryRead<T> read, string form)
        where T : IComparable<T>
    {
        string text = Text();
        if (Units.TryRange(text, read, out ValueRange<T> range) || text.Length == 0)
            return range;
        Problem($"'{name}' cannot be '{text}'", form + ", or a range of two with '..'");
        return default;
    }
}
