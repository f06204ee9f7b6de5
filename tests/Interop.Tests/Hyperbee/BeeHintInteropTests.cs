using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using AuctionActors.Interop.Tests.Replication;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Hyperbee;

/// <summary>Bees read over a slow line: peers name the blocks of a read to each other, so that it takes few round trips.</summary>
public sealed class BeeHintInteropTests : IDisposable
{
    private const int Entries = 1500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Few_round_trips_bring_an_entry_and_a_range_from_JavaScript(int version)
    {
        (BeeClient bee, NodePeer source) = await OpenReaderAsync(version, new BeeActorOptions());
        using NodePeer _ = source;
        Assert.Equal("value-777", TextOf(await bee.GetAsync(NameOf(777))));
        Passed lookup = Count(source);
        Assert.InRange(lookup.Rounds, 1, 3);
        Assert.InRange(lookup.Blocks, 5, 60);

        ImmutableArray<BeeEntry> range = await bee.ListAsync(new BeeRange { GreaterOrEqual = "key02"u8.ToArray(), LessThan = "key06"u8.ToArray() });
        Assert.Equal(Names("key02", "key06"), range.Select(entry => Encoding.UTF8.GetString(entry.Key.Span)));
        Passed scan = Count(source);
        Assert.InRange(scan.Rounds, 1, 12);
        Assert.InRange(scan.Blocks, range.Length - 60, Entries);
    }

    [Fact]
    public async Task A_reader_that_asks_for_no_hints_needs_more_round_trips_and_reads_the_same()
    {
        (BeeClient bee, NodePeer source) = await OpenReaderAsync(11, new BeeActorOptions { SharesHints = false });
        using NodePeer _ = source;
        Assert.Equal("value-777", TextOf(await bee.GetAsync(NameOf(777))));
        Assert.InRange(Count(source).Rounds, 4, 40);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, true)]
    [InlineData(11, false)]
    public async Task JavaScript_reads_ours_in_few_round_trips_because_we_answer_its_hints(int version, bool answers)
    {
        CoreClient core = _ours.Open(CoreIdentity.ForWriter(KeyPair.Generate(new SeededEntropy(9, "bee hints"))), isFollowed: false);
        BeeClient bee = new(_ours.System.ActorOf(BeeActor.Props(core.Core, new BeeActorOptions { SharesHints = answers })), Patience);
        await bee.WriteAsync([.. Enumerable.Range(0, Entries).Select(i => new BeeEdit(Bytes(NameOf(i)), Bytes($"value-{i}")))]);
        CoreInfo info = await core.GetInfoAsync();
        using NodePeer reader = Start(version, "reader", "--key", info.Key.ToHex());
        _ours.Accept();
        Assert.Equal(Entries + 1, (int?)reader.ReadEvent("length")["length"]);
        reader.WriteLine($"get {NameOf(777)}");
        Assert.Equal("value-777", (string?)reader.ReadEvent("entry")["entry"]!["value"]);
        Passed lookup = Passed.Of(reader.ReadEvent("count"));
        Assert.InRange(lookup.Rounds, 1, answers ? 3 : 40);
        Assert.True(answers || lookup.Rounds > 3, $"without hints {lookup.Rounds} round trips sufficed");

        reader.WriteLine("list key02 key06");
        Assert.Equal(Names("key02", "key06"), reader.ReadEvent("list")["keys"]!.AsArray().Select(key => (string?)key));
    }

    public void Dispose() => _ours.Dispose();

    private async Task<(BeeClient Bee, NodePeer Source)> OpenReaderAsync(int version, BeeActorOptions options)
    {
        NodePeer source = Start(version, "source", "--entries", $"{Entries}");
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key), isSparse: true);
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.Length == Entries + 1);
        Count(source);
        return (new BeeClient(_ours.System.ActorOf(BeeActor.Props(core.Core, options)), Patience), source);
    }

    private static Passed Count(NodePeer source)
    {
        source.WriteLine("count");
        return Passed.Of(source.ReadEvent("count"));
    }

    private static string NameOf(int number) => $"key{number * 7919 % 10007:00000}";

    private static IEnumerable<string> Names(string from, string to)
        => Enumerable.Range(0, Entries).Select(NameOf).Order(StringComparer.Ordinal)
            .Where(name => string.CompareOrdinal(name, from) >= 0 && string.CompareOrdinal(name, to) < 0);

    private static string? TextOf(BeeEntry? entry) => entry?.Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("bee-replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, "--delay", "120", .. more]);

    private sealed record Passed(int Blocks, int Rounds)
    {
        public static Passed Of(JsonObject count) => new((int)count["blocks"]!, (int)count["rounds"]!);
    }
}
