using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using AuctionActors.Interop.Tests.Nodes;
using Hyper.Protocol.Hypercore.FlatTree;

namespace AuctionActors.Interop.Tests.Commands;

/// <summary><c>auction core repair</c> and <c>fetch --repair</c> on a copy whose writer is there.</summary>
public sealed class CoreRepairVerbTests : IDisposable
{
    // So many that the oplog has been emptied into the tree.
    private const int Length = 8000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly LocalMarket _network = new();
    private readonly NodePeer _share;
    private readonly string _copy;
    private readonly string _key;

    public CoreRepairVerbTests()
    {
        _copy = _network.StorageOf("copy");
        string feed = _network.StorageOf("feed"), lines = _network.StorageOf("lines");
        File.WriteAllLines(lines, Enumerable.Range(1, Length).Select(line => $"{line}"));
        Run(0, "create", feed);
        Run(0, "append", feed, "--file", lines, "--lines");
        _share = _network.Keep(AuctionCommand.Start(["core", "share", feed, .. Network, "--json"]));
        _key = (string)_share.ReadJson(wait: Patience)["key"]!;
        Run(0, ["fetch", _key, "--into", _copy, .. Network]);
    }

    private string[] Network => ["--bootstrap", _network.Bootstrap, "--host", "127.0.0.1"];

    [Fact]
    public void Roots_that_the_folder_does_not_tell_are_named_and_come_from_a_peer()
    {
        long root = FlatTreeIndex.Roots(Length).First();
        WriteTree(root, 1, node => node.Clear());
        WriteTree(FlatTreeIndex.LeftChild(root), 1, node => node.Clear());
        WriteTree(FlatTreeIndex.RightChild(root), 1, node => node.Clear());
        WriteTree(0, 400, node => node[20] ^= 1);
        using (FileStream data = File.OpenWrite(Path.Combine(_copy, "data")))
            data.Write("x"u8);
        JsonObject report = Run(6, "repair", _copy);
        string place = $"tree at byte {40 * root}: root node {root} is missing";
        Assert.Equal((Length, place), ((int?)report["lostLength"], (string?)report["damage"]![0]));
        JsonObject fetched = Run(0, ["fetch", _key, "--into", _copy, "--repair", .. Network]);
        Assert.Equal((Length, Length), ((int?)fetched["length"], (int?)fetched["contiguousLength"]));
        Assert.Equal("ok", (string?)Run(0, "verify", _copy)["verdict"]);
        Assert.Empty(Run(0, "repair", _copy)["damage"]!.AsArray());
    }

    [Fact]
    public void What_no_peer_brings_in_time_is_given_up()
    {
        _share.Kill();
        foreach (long node in (long[])[2047, 6143, 1023, 3071, 5119, 7167])
            WriteTree(node, 1, node => node[20] ^= 1);
        WriteTree(0, 400, node => node[20] ^= 1);
        Assert.Equal(1, (int)Run(6, "repair", _copy)["wantedParts"]!);
        JsonNode error = Run(5, ["fetch", _key, "--into", _copy, "--repair", "--timeout", "2", .. Network])["error"]!;
        Assert.Equal("TIMED_OUT", (string?)error["code"]);
    }

    [Fact]
    public void Roots_that_follow_from_what_is_below_them_are_mended_and_until_then_other_verbs_name_the_repair()
    {
        foreach (long root in FlatTreeIndex.Roots(Length))
            WriteTree(root, 1, node => node.Clear());
        foreach (string[] verb in (string[][])[["share", _copy, .. Network], ["append", _copy, "more"], ["info", _copy], ["verify", _copy]])
        {
            JsonNode error = Run(6, verb)["error"]!;
            Assert.Equal(("CORRUPT_CORE", $"'auction core repair {_copy}' mends what it can"), ((string?)error["code"], (string?)error["expected"]));
        }

        // The oplog still has some of them.
        JsonObject report = Run(0, "repair", _copy);
        Assert.Null(report["lostLength"]);
        Assert.InRange((int)report["mended"]!, 1, FlatTreeIndex.Roots(Length).Count());
        Assert.Equal("ok", (string?)Run(0, "verify", _copy)["verdict"]);
    }

    [Fact]
    public void More_damage_than_one_look_reports_is_mended_all_the_same()
    {
        for (long node = 1; node < 8 * 1500; node += 8)
            WriteTree(node, 1, bytes => bytes[20] ^= 1);
        JsonObject report = Run(0, "repair", _copy);

        // The oplog still has some of them.
        Assert.InRange((int)report["mended"]!, 1025, 1500);
        Assert.Equal(((int)report["mended"]!, false), (report["damage"]!.AsArray().Count, (bool)report["partial"]!));
        Assert.Equal("ok", (string?)Run(0, "verify", _copy)["verdict"]);
    }

    public void Dispose() => _network.Dispose();

    private JsonObject Run(int code, params string[] verb) => _network.Run(code, ["core", .. verb]);

    private void WriteTree(long index, int count, SpanAction change)
    {
        using FileStream tree = File.Open(Path.Combine(_copy, "tree"), FileMode.Open, FileAccess.ReadWrite);
        byte[] nodes = new byte[40 * count];
        tree.Position = 40 * index;
        tree.ReadExactly(nodes);
        for (int i = 0; i < count; i++)
            change(nodes.AsSpan(40 * i, 40));
        tree.Position = 40 * index;
        tree.Write(nodes);
    }

    private delegate void SpanAction(Span<byte> node);
}
