using System.Xml.Linq;

namespace AuctionActors.Architecture.Tests;

/// <summary>Who may know whom, read from the project files.</summary>
public sealed class LayerTests
{
    private const string Protocol = "Hyper.Protocol.";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Protocol + "CompactEncoding"] = [],
        [Protocol + "Cryptography"] = [Protocol + "CompactEncoding"],
        [Protocol + "Udx"] = [],
        [Protocol + "SecretStream"] = [Protocol + "Cryptography"],
        [Protocol + "Protomux"] = [Protocol + "SecretStream"],
        [Protocol + "DhtRpc"] = [Protocol + "Cryptography"],
        [Protocol + "HyperDht"] = [Protocol + "DhtRpc", Protocol + "SecretStream"],
        [Protocol + "Hyperswarm"] = [Protocol + "HyperDht"],
        [Protocol + "BlindRelay"] = [Protocol + "HyperDht", Protocol + "Protomux"],
        [Protocol + "Hypercore"] = [Protocol + "Cryptography"],
        [Protocol + "HypercoreReplication"] = [Protocol + "Hypercore", Protocol + "Protomux"],
        [Protocol + "Hyperbee"] = [Protocol + "Hypercore"],
        [Protocol + "Corestore"] = [Protocol + "Hypercore"],
        ["Hyper.Actors.Runtime"] = [Protocol + "*"],
        ["Hyper.Actors.Networking"] = [Protocol + "*", "Hyper.Actors.Runtime"],
        ["Hyper.Actors.Storage"] = [Protocol + "*", "Hyper.Actors.Runtime"],
        ["Hyper.Actors.Swarm"] = [Protocol + "*", "Hyper.Actors.Runtime", "Hyper.Actors.Networking", "Hyper.Actors.Storage"],
        ["AuctionActors.Auctions.Rules"] = [Protocol + "CompactEncoding", Protocol + "Cryptography"],
        ["AuctionActors.Auctions.Market"] = ["Hyper.Actors.Swarm", "AuctionActors.Auctions.Rules"],
        ["AuctionActors.EventLog"] = ["Hyper.Actors.Runtime", "Hyper.Actors.Storage"],
        ["AuctionActors.Simulation"] = ["AuctionActors.Auctions.Market", "AuctionActors.EventLog"],
        ["AuctionActors.Cli"] = ["AuctionActors.Simulation"],
    };

    private static readonly string[] SansIo =
        ["src/Protocol/", "src/Auctions/", "src/Actors/Networking/", "src/Actors/Storage/", "src/Actors/Swarm/"];

    public static TheoryData<string> Projects => [.. Sources.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_the_layers_below_it(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} has no row in the table of layers");
        IEnumerable<string> references = XDocument.Parse(Sources.Text(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Sources.AssertNone(references.Where(reference => !allowed.Any(rule => Matches(rule, reference))), $"{name} must not reference");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Layers_without_io_carry_the_banned_symbols(string project)
    {
        bool sansIo = SansIo.Any(folder => project.StartsWith(folder, StringComparison.Ordinal));
        Assert.Equal(sansIo, Sources.Text(project).Contains("SansIo.props", StringComparison.Ordinal));
    }

    [Fact]
    public void Protocol_never_knows_akka()
        => Sources.AssertNone(
            Sources.Files("src/Protocol").Concat(Sources.Files("src/Auctions/Rules"))
                .Where(file => Sources.Lines(file).Any(line => line.StartsWith("using Akka", StringComparison.Ordinal))),
            "no Akka below the actors");

    [Fact]
    public void Hyper_never_knows_auctions()
        => Sources.AssertNone(
            Sources.Files("src/Protocol").Concat(Sources.Files("src/Actors"))
                .Where(file => Sources.Text(file).Contains("using AuctionActors", StringComparison.Ordinal)),
            "Hyper.* is for any .NET program");

    [Fact]
    public void Banned_symbols_are_never_suppressed()
        => Sources.AssertNone(
            Sources.Files("src").Where(file => Sources.Text(file).Contains("RS0030", StringComparison.Ordinal)),
            "RS0030 suppressed");

    private static bool Matches(string rule, string reference)
        => rule.EndsWith('*') ? reference.StartsWith(rule[..^1], StringComparison.Ordinal) : rule == reference;
}
