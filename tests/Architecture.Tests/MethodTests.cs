using System.Text.RegularExpressions;

namespace AuctionActors.Architecture.Tests;

/// <summary>Lengths of methods and summaries of public types, read by indentation as `dotnet format` lays code out.</summary>
public sealed partial class MethodTests
{
    private const int LongestMethod = 50;

    [Fact]
    public void A_method_fits_on_a_screen()
        => Sources.AssertNone(
            Sources.Files("src").Concat(Sources.Files("tests")).SelectMany(LongMethods),
            $"methods have at most {LongestMethod} lines");

    [Fact]
    public void Public_types_have_a_summary()
        => Sources.AssertNone(Sources.Files("src").SelectMany(Undocumented), "public types have a one-sentence summary");

    private static IEnumerable<string> LongMethods(string file)
    {
        string[] lines = Sources.Lines(file);
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "{" || Indent(lines[i]) < 4 || !Signature(lines, i))
                continue;
            int end = Array.FindIndex(lines, i, line => line.StartsWith(lines[i].Replace('{', '}').TrimEnd(), StringComparison.Ordinal));
            if (end - i - 1 > LongestMethod)
                yield return $"{file}:{i}: {end - i - 1} lines";
        }
    }

    // A block belongs to a method when the nearest line above it with the same indentation has a parameter list and is no statement or type.
    private static bool Signature(string[] lines, int brace)
    {
        int indent = Indent(lines[brace]);
        int above = brace - 1;
        while (above > 0 && (lines[above].Length == 0 || Indent(lines[above]) > indent))
            above--;
        string line = lines[above].Trim();
        return Indent(lines[above]) == indent && line.Contains('(', StringComparison.Ordinal) && !Statement().IsMatch(line);
    }

    private static IEnumerable<string> Undocumented(string file)
    {
        string[] lines = Sources.Lines(file);
        for (int i = 0; i < lines.Length; i++)
        {
            if (!PublicType().IsMatch(lines[i]))
                continue;
            int above = i - 1;
            while (above >= 0 && lines[above].TrimStart().StartsWith('['))
                above--;
            if (above < 0 || !lines[above].TrimStart().StartsWith("///", StringComparison.Ordinal))
                yield return $"{file}:{i + 1}: {lines[i].Trim()}";
        }
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(
        "^(if|else|for|foreach|while|switch|using|lock|fixed|try|catch|finally|do|return|case|default|var|new)\\b"
        + "|\\b(class|struct|record|interface|enum|namespace) |=>|= new|^\\.")]
    private static partial Regex Statement();

    [GeneratedRegex("^public [\\w ]*(class|struct|record|interface|enum) \\w+")]
    private static partial Regex PublicType();
}
