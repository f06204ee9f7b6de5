using System.Text.Json;

namespace AuctionActors.Protocol.Tests;

/// <summary>The vectors made by the JavaScript modules, shared with the interop tests.</summary>
public static class Vectors
{
    /// <summary>The checkout that the tests run from.</summary>
    public static string Checkout { get; } = FindCheckout();

    public static string FixtureFolder(string name) => Path.Combine(Checkout, "tests", "Interop.Tests", "Fixtures", name);

    /// <summary>Parses one file of <c>tests/Interop.Tests/Vectors</c>.</summary>
    public static JsonDocument Load(string file)
        => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Checkout, "tests", "Interop.Tests", "Vectors", file)));

    private static string FindCheckout()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuctionActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests must run inside a checkout of the project");
    }
}
