using System.Text.RegularExpressions;
using AuctionActors.Tests;

namespace AuctionActors.Architecture.Tests;

/// <summary>The tracked parts of the checkout that the rules read.</summary>
internal static partial class Sources
{
    public static string Root => CheckoutFolder.Root;

    /// <summary>Every C# file under a folder, generated output left out; paths are relative to the checkout, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern = "*.cs")
        => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !Generated().IsMatch(file))
            .Order(StringComparer.Ordinal);

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Fails with one offender a line.</summary>
    public static void AssertNone(IEnumerable<string> offenders, string rule)
    {
        string[] found = [.. offenders];
        Assert.True(found.Length == 0, $"{rule}:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    [GeneratedRegex("(^|/)(bin|obj|node_modules|TestResults|runs)/")]
    private static partial Regex Generated();
}
