using YamlDotNet.RepresentationModel;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>A map of a scenario file, which knows the keys that were asked of it and so the ones that nobody knows.</summary>
internal sealed class MapReader(YamlMappingNode map, string name, List<ScenarioProblem> problems)
{
    private readonly List<string> _known = [];

    public NodeReader? Optional(string key)
    {
        _known.Add(key);
        return map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value)
            ? new NodeReader(value, key, problems)
            : null;
    }

    public NodeReader? Required(string key)
    {
        NodeReader? value = Optional(key);
        if (value is null)
            Problem($"'{name}' needs '{key}'");
        return value;
    }

    public IEnumerable<(string Key, NodeReader Value)> Entries()
    {
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string text = key is YamlScalarNode { Value: { } scalar } ? scalar : "";
            yield return (text, new NodeReader(value, text, problems));
        }
    }

    /// <summary>Notes every key that was not asked for; call it last.</summary>
    public void RefuseOthers()
    {
        foreach (YamlNode key in map.Children.Keys)
        {
            string text = key is YamlScalarNode { Value: { } scalar } ? scalar : "";
            if (!_known.Contains(text))
                new NodeReader(key, text, problems).Unknown(text, $"'{name}' has no key '{text}'", _known);
        }
    }

    public void Problem(string message, string? expected = null) => problems.Add(NodeReader.At(map, message, expected));
}
