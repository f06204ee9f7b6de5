using System.Text.RegularExpressions;

namespace AuctionActors.Interop.Tests.Harness;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_test_that_the_tables_name_exists()
    {
        string tests = Path.Combine(Checkout.Root, "tests");
        string sources = string.Concat(Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(tests, "*Properties.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));
        string readme = File.ReadAllText(Path.Combine(tests, "Interop.Tests", "README.md"));
        string[] named = [.. TestName().Matches(readme).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains($" {name}(", sources, StringComparison.Ordinal));
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
