using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Loads a scenario file, puts values from the command line into it, and reads it.</summary>
public static class ScenarioFile
{
    /// <summary>Reads the scenario of a file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="settings">Values that win over the file's, as <c>path.of.keys=value</c>.</param>
    /// <exception cref="ScenarioException">The scenario is wrong; all problems are in it.</exception>
    public static Scenario Load(string path, IEnumerable<string>? settings = null) => Parse(File.ReadAllText(path), path, settings);

    public static Scenario Parse(string yaml, string file, IEnumerable<string>? settings = null)
    {
        var problems = new List<ScenarioProblem>();
        YamlMappingNode root = Read(yaml, file);
        foreach (string setting in settings ?? [])
            Apply(root, setting, problems);
        Scenario? scenario = problems.Count == 0 ? new ScenarioReader(problems).Read(root) : null;
        if (problems.Count > 0 || scenario is null)
            throw new ScenarioException(file, [.. problems.OrderBy(problem => (problem.Line, problem.Column))]);
        return scenario with { ResolvedYaml = Write(root, scenario) };
    }

    private static YamlMappingNode Read(string yaml, string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? root
                : throw Wrong(file, new ScenarioProblem(1, 1, "a scenario is a map of keys to values", "apiVersion: sim/v1"));
        }
        catch (YamlException error)
        {
            string message = error.InnerException?.Message ?? error.Message;
            throw Wrong(file, new ScenarioProblem((int)error.Start.Line, (int)error.Start.Column, message, null));
        }
    }

    private static ScenarioException Wrong(string file, ScenarioProblem problem) => new(file, [problem]);

    private static void Apply(YamlMappingNode root, string setting, List<ScenarioProblem> problems)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        string[] path = equals > 0 ? setting[..equals].Split('.') : [];
        if (path.Length == 0 || path.Any(string.IsNullOrEmpty))
        {
            const string Form = "path.of.keys=value, for example network.default.loss=5%";
            problems.Add(new ScenarioProblem(0, 0, $"'{setting}' is not a setting", Form));
            return;
        }

        YamlNode node = root;
        int at = 0;
        while (path.Length - at > LengthOfKey(node, path[at..]))
        {
            int length = LengthOfKey(node, path[at..]);
            node = Descend(node, string.Join('.', path[at..(at + length)]));
            at += length;
        }

        if (node is YamlMappingNode map)
            map.Children[new YamlScalarNode(string.Join('.', path[at..]))] = new YamlScalarNode(setting[(equals + 1)..]);
        else
            problems.Add(new ScenarioProblem(0, 0, $"'{setting}' leads to a place that has no keys", null));
    }

    // Some keys have dots of their own (auction.open): the longest one that is there counts.
    private static int LengthOfKey(YamlNode node, string[] path)
    {
        for (int length = path.Length; length > 1; length--)
        {
            if (node is YamlMappingNode map && map.Children.ContainsKey(new YamlScalarNode(string.Join('.', path[..length]))))
                return length;
        }

        return 1;
    }

    private static YamlNode Descend(YamlNode node, string key)
    {
        if (node is YamlSequenceNode list)
            return int.TryParse(key, out int index) && index < list.Children.Count ? list.Children[index] : new YamlScalarNode();
        if (node is not YamlMappingNode map)
            return node;
        if (!map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child))
            map.Children[new YamlScalarNode(key)] = child = new YamlMappingNode();
        return child;
    }

    private static string Write(YamlMappingNode root, Scenario scenario)
    {
        root.Children[new YamlScalarNode("seed")] = new YamlScalarNode($"{scenario.Seed}");
        root.Children[new YamlScalarNode("net")] = new YamlScalarNode(scenario.Net == Backend.Virtual ? "virtual" : "udp");
        var text = new StringWriter();
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString();
    }
}
