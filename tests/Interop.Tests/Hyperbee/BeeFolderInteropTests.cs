using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Hyperbee;

/// <summary>Folders with a Hyperbee, written by one side and read by the other.</summary>
public sealed class BeeFolderInteropTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("bee-interop-").FullName;

    [Fact]
    public async Task JavaScript_reads_and_continues_the_bee_that_we_wrote()
    {
        KeyPair writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)8, 32)]));
        await WithBeeAsync(CoreIdentity.ForWriter(writer), readOnly: false, async (bee, _) =>
        {
            for (int i = 0; i < 60; i++)
                await bee.PutAsync($"ours{i:d2}", $"value-{i}");
            for (int i = 0; i < 60; i += 3)
                await bee.DeleteAsync($"ours{i:d2}");
        });
        using NodePeer node = NodePeer.Start("bee.js", "--folder", _folder, "--write", "30");
        JsonObject header = node.ReadEvent("bee");
        Assert.Equal((true, true), ((bool?)header["isBee"], (bool?)header["writable"]));
        List<string> theirs = Entries(node, out JsonObject end);
        Assert.Equal(40 + 29 + 20, theirs.Count);
        Assert.Equal(0, node.WaitForExit());
        await WithBeeAsync(null, readOnly: true, async (bee, core) =>
        {
            Assert.Equal(theirs, (await bee.ListAsync()).Select(Describe));
            Assert.Equal((string?)end["treeHash"], (await core.GetInfoAsync()).Tree.Hash.ToHex());
        });
    }

    [Fact]
    public async Task We_read_and_continue_the_bee_that_JavaScript_wrote()
    {
        List<string> theirs;
        using (NodePeer node = NodePeer.Start("bee.js", "--folder", _folder, "--create", "--write", "200"))
        {
            theirs = Entries(node, out _);
            Assert.Equal(0, node.WaitForExit());
        }

        await WithBeeAsync(null, readOnly: false, async (bee, _) =>
        {
            Assert.Equal(theirs, (await bee.ListAsync()).Select(Describe));
            await bee.PutAsync("zz", "ours");
            await bee.DeleteAsync("js100");
        });
        theirs.RemoveAll(entry => entry.EndsWith(" js100=value-100", StringComparison.Ordinal));
        using NodePeer again = NodePeer.Start("bee.js", "--folder", _folder);
        List<string> continued = Entries(again, out _);
        Assert.Equal(theirs, continued.SkipLast(1));
        Assert.EndsWith("zz=ours", continued[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bee-100-keys")]
    [InlineData("bee-with-deletes")]
    public async Task The_fixtures_are_read_as_JavaScript_reads_them(string fixture)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Checkout.Fixtures, fixture)))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        using NodePeer node = NodePeer.Start("bee.js", "--folder", _folder);
        List<string> theirs = Entries(node, out _);
        Assert.Equal(0, node.WaitForExit());
        Assert.NotEmpty(theirs);
        await WithBeeAsync(null, readOnly: true, async (bee, _) => Assert.Equal(theirs, (await bee.ListAsync()).Select(Describe)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task WithBeeAsync(CoreIdentity? identity, bool readOnly, Func<BeeClient, CoreClient, Task> use)
    {
        using DiskFileStore files = new();
        using RealRuntime runtime = new("bee");
        CoreOptions options = new() { Folder = _folder, Identity = identity, Storage = new HypercoreOptions { ReadOnly = readOnly } };
        CoreClient core = new(runtime.System.ActorOf(CoreActor.Props(runtime.Peer("bee", files), options), "core"), Timeout);
        await core.GetInfoAsync();
        await use(new BeeClient(runtime.System.ActorOf(BeeActor.Props(core.Core), "bee"), Timeout), core);
        await core.CloseAsync();
        await runtime.StopAsync();
    }

    private static List<string> Entries(NodePeer node, out JsonObject end)
    {
        List<string> entries = [];
        while (true)
        {
            JsonObject json = node.ReadJson();
            Assert.NotEqual("error", (string?)json["event"]);
            if ((string?)json["event"] == "entry")
                entries.Add($"{(long?)json["seq"]} {(string?)json["key"]}={(string?)json["value"]}");
            if ((string?)json["event"] != "end")
                continue;
            end = json;
            return entries;
        }
    }

    private static string Describe(BeeEntry entry)
        => $"{entry.Sequence} {Encoding.UTF8.GetString(entry.Key.Span)}={Encoding.UTF8.GetString((entry.Value ?? default).Span)}";
}
