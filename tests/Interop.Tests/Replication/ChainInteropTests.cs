using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>A core that passes from one version of JavaScript through our actors to the other.</summary>
public sealed class ChainInteropTests : IDisposable
{
    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    public async Task A_core_passes_from_one_version_through_us_to_the_other(int from, int to)
    {
        using NodePeer source = Start(from, "source", "--blocks", "200", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        _ours.Accept();
        using NodePeer reader = Start(to, "reader", "--key", key.ToHex());
        _ours.Accept();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 200);
        source.WriteLine("append late");
        JsonObject done = source.ReadEvent("done");
        JsonObject late = reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 201);
        Assert.Equal((string?)done["treeHash"], (string?)late["treeHash"]);
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 201);
        Assert.Equal((string?)done["treeHash"], info.Tree.Hash.ToHex());
    }

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    public async Task A_rewritten_core_passes_through_us_too(int from, int to)
    {
        using NodePeer source = Start(from, "source", "--blocks", "100", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        _ours.Accept();
        using NodePeer reader = Start(to, "reader", "--key", key.ToHex());
        _ours.Accept();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 100);
        source.WriteLine("truncate 37");
        for (int i = 0; i < 5; i++)
            source.WriteLine($"append again-{i}");
        JsonObject done = source.ReadJson(json => (string?)json["event"] == "done" && (int?)json["length"] == 42);
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info is { Fork: 1, ContiguousLength: 42 });
        Assert.Equal((string?)done["treeHash"], info.Tree.Hash.ToHex());
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (string?)json["treeHash"] == (string?)done["treeHash"]);
        Assert.Null(await core.AuditAsync());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_follows_a_core_that_we_cut_and_rewrite(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)9, 32)])));
        CoreClient core = _ours.Open(identity);
        await core.AppendAsync(Blocks("first", 60));
        using NodePeer reader = Start(version, "reader", "--key", identity.Key.ToHex());
        _ours.Accept();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (int?)json["length"] == 60);
        await core.TruncateAsync(21);
        await core.AppendAsync(Blocks("second", 50));
        string hash = (await core.GetInfoAsync()).Tree.Hash.ToHex();
        reader.ReadJson(json => (string?)json["event"] == "downloaded" && (string?)json["treeHash"] == hash);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task We_follow_a_core_that_was_cut_while_we_were_away(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "300", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        IActorRef connection = _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 300);
        connection.Tell(ConnectionProtocol.Close.Instance);
        source.ReadEvent("closed");
        source.WriteLine("truncate 130");
        source.WriteLine($"append {string.Join(',', Enumerable.Range(0, 250).Select(i => $"again-{i}"))}");
        source.ReadJson(json => (string?)json["event"] == "done" && (int?)json["length"] == 380);
        source.WriteLine("connect");
        _ours.Accept();
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info is { Fork: 1, ContiguousLength: 380 });
        source.WriteLine("append last");
        JsonObject done = source.ReadJson(json => (int?)json["length"] == 381);
        info = await TcpSwarm.UntilAsync(core, info => info is { Fork: 1, ContiguousLength: 381 });
        Assert.Equal((string?)done["treeHash"], info.Tree.Hash.ToHex());
        Assert.Null(await core.AuditAsync());
    }

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    public async Task Single_blocks_pass_through_us(int from, int to)
    {
        using NodePeer source = Start(from, "source", "--blocks", "100", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key), isSparse: true);
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.Length == 100);
        foreach (int index in new[] { 7, 2, 90 })
            Assert.Equal($"block-{index}", Encoding.UTF8.GetString((await core.GetAsync(index, wait: true))!.Value.Span));
        using NodePeer reader = Start(to, "reader", "--key", key.ToHex(), "--sparse", "7,2,90");
        _ours.Accept();
        foreach (int index in new[] { 7, 2, 90 })
        {
            JsonObject block = reader.ReadEvent("block");
            Assert.Equal(($"block-{index}", index), ((string?)block["value"], (int?)block["index"]));
        }

        Assert.Equal(0, (await core.GetInfoAsync()).ContiguousLength);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Bytes_of_a_sparse_core_are_found_with_few_blocks(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "500", "--manifest");
        CoreClient core = _ours.Open(CoreIdentity.ForReader(KeyOf(source)), isSparse: true);
        _ours.Accept();
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info.Length == 500);
        Assert.Equal((500 * 7) + (400 * 2) + 90, info.ByteLength);
        Assert.Equal((123, 4), await core.SeekAsync((10 * 7) + (90 * 8) + (23 * 9) + 4));
        Assert.Equal(1, await CountAsync(core, 500));
        Assert.NotNull(await core.GetAsync(123));
        StringBuilder read = new();
        await foreach (ReadOnlyMemory<byte> part in core.ReadBytesAsync(info.ByteLength - 20, 20))
            read.Append(Encoding.UTF8.GetString(part.Span));
        Assert.Equal("-497block-498block-499"[2..], read.ToString());
        Assert.InRange(await CountAsync(core, 500), 2, 6);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_finds_bytes_of_our_core_without_a_block(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)21, 32)])));
        CoreClient core = _ours.Open(identity);
        await core.AppendAsync(Blocks("block", 500));
        using NodePeer reader = Start(version, "reader", "--key", identity.Key.ToHex(), "--sparse", "499");
        _ours.Accept();
        reader.ReadEvent("block");
        reader.WriteLine($"seek {(10 * 7) + (90 * 8) + (23 * 9) + 4}");
        JsonObject sought = reader.ReadEvent("sought");
        Assert.Equal((123, 4, 1), ((int)sought["block"]!, (int)sought["offset"]!, (int)sought["stored"]!));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Messages_of_an_extension_pass_both_ways(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "3", "--manifest");
        CoreKey key = KeyOf(source);
        CoreClient core = _ours.Open(CoreIdentity.ForReader(key));
        using BlockingCollection<(string Text, IActorRef Session)> heard = [];
        _ours.System.ActorOf(ActorProps.Of(() => new GreetingActor(core.Core, heard)));
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 3);
        foreach (string text in (string[])["one", "two"])
        {
            core.Core.Tell(new CoreProtocol.SendExtension(3, "greeting", Encoding.UTF8.GetBytes(text)), ActorRefs.NoSender);
            Assert.Equal(text, (string?)source.ReadEvent("greeting")["text"]);
            Assert.Equal($"you said {text}", Next(heard).Text);
        }

        source.WriteLine("greet three");
        (string greeting, IActorRef session) = Next(heard);
        Assert.Equal("three", greeting);
        session.Tell(new CoreProtocol.ExtensionSent("unknown", new byte[] { 1 }));
        session.Tell(new CoreProtocol.ExtensionSent("greeting", "four"u8.ToArray()));
        Assert.Equal("four", (string?)source.ReadEvent("greeting")["text"]);
    }

    public void Dispose() => _ours.Dispose();

    private static CoreKey KeyOf(NodePeer source)
    {
        Assert.True(CoreKey.TryParse((string?)source.ReadEvent("core")["key"], out CoreKey key));
        return key;
    }

    private static (string Text, IActorRef Session) Next(BlockingCollection<(string Text, IActorRef Session)> heard)
    {
        Assert.True(heard.TryTake(out (string Text, IActorRef Session) next, TimeSpan.FromSeconds(20)));
        return next;
    }

    private static async Task<int> CountAsync(CoreClient core, int length)
    {
        int count = 0;
        for (int i = 0; i < length; i++)
            count += await core.GetAsync(i) is null ? 0 : 1;
        return count;
    }

    private static ReadOnlyMemory<byte>[] Blocks(string text, int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{text}-{i}"))];

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, .. more]);

    private sealed class GreetingActor : ReceiveActor
    {
        public GreetingActor(IActorRef core, BlockingCollection<(string Text, IActorRef Session)> heard)
        {
            core.Tell(new CoreProtocol.Subscribe(1));
            core.Tell(new CoreProtocol.AddExtension(2, "greeting"));
            Receive<CoreProtocol.ExtensionReceived>(received => heard.Add((Encoding.UTF8.GetString(received.Payload.Span), Sender)));
            Receive<CoreProtocol.IEvent>(_ => { });
        }
    }
}
