using System.Text.Json;
using AuctionActors.Tests;

namespace AuctionActors.Protocol.Tests;

/// <summary>The vectors made by the JavaScript modules, shared with the interop tests.</summary>
public static class Vectors
{
    /// <summary>The checkout that the tests run from.</summary>
    public static string Checkout => CheckoutFolder.Root;

    public static string FixtureFolder(string name) => Path.Combine(Checkout, "tests", "Interop.Tests", "Fixtures", name);

    /// <summary>Parses one file of <c>tests/Interop.Tests/Vectors</c>.</summary>
    public static JsonDocument Load(string file)
        => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Checkout, "tests", "Interop.Tests", "Vectors", file)));
}
