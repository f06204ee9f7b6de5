using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace AuctionActors.Protocol.Tests;

/// <summary>Every section of every vector file is named by some test; the counts are printed.</summary>
public sealed partial class VectorCoverageTests(ITestOutputHelper output)
{
    /// <summary>Not vectors, or of parts that are not in the project, with the reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["about"] = "describes the file",
        ["versions"] = "describes the file",
        ["plugin-request"] = "plugins are not in the project",
        ["blind-relay"] = "the blind relay is not in the project",
        ["hyperdht-address"] = "encoded addresses are not in the project",
    };

    [Theory]
    [InlineData("dht.json")]
    [InlineData("hyperbee.json")]
    [InlineData("hypercore.json")]
    [InlineData("hypercore-transcripts.json")]
    [InlineData("transport.json")]
    public void Every_section_is_run(string file)
    {
        string sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Vectors.Checkout, "tests", "Protocol.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("VectorCoverageTests.cs", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        JsonElement root = Vectors.Load(file).RootElement;
        Dictionary<string, int> sections = root.ValueKind == JsonValueKind.Array ? SectionsOf(root) : SectionsOfObject(root);
        string[] missing = [.. sections.Keys.Where(name => !LeftOut.ContainsKey(name) && !IsNamed(sources, name)).Order()];
        int run = sections.Where(section => !LeftOut.ContainsKey(section.Key)).Sum(section => section.Value);
        output.WriteLine($"vectors: {file}: {run} entries in {sections.Keys.Count(name => !LeftOut.ContainsKey(name))} sections run");
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_vector_file_is_known_here()
        => Assert.Equal(5, Directory.EnumerateFiles(Path.Combine(Vectors.Checkout, "tests", "Interop.Tests", "Vectors"), "*.json").Count());

    private static bool IsNamed(string sources, string section)
        => sources.Contains($"\"{section}\"", StringComparison.Ordinal) || sources.Contains($"\"{section}.", StringComparison.Ordinal);

    // Entries of the DHT file are named section.detail.
    private static Dictionary<string, int> SectionsOf(JsonElement entries)
        => entries.EnumerateArray().GroupBy(entry => SectionName().Match(entry.GetProperty("name").GetString()!).Value)
            .ToDictionary(group => group.Key, group => group.Count());

    private static Dictionary<string, int> SectionsOfObject(JsonElement root)
        => root.EnumerateObject().ToDictionary(
            section => section.Name,
            section => section.Value.ValueKind switch
            {
                JsonValueKind.Array => section.Value.GetArrayLength(),
                JsonValueKind.Object => section.Value.EnumerateObject().Count(),
                _ => 1,
            });

    [GeneratedRegex("^[^.]+")]
    private static partial Regex SectionName();
}
