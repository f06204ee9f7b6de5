using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Encrypted cores, exchanged with those that have the key and those that do not.</summary>
public sealed class EncryptedReplicationTests : IDisposable
{
    private static readonly Bytes32 s_secret = new([.. Enumerable.Repeat((byte)0x5e, 32)]);
    private static readonly HypercoreOptions s_encrypted = new() { EncryptionKey = s_secret };

    private readonly TcpSwarm _ours = new();

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task We_read_and_search_an_encrypted_core_of_JavaScript(int version)
    {
        using NodePeer source = Start(version, "source", "--blocks", "500", "--manifest", "--encryption", s_secret.ToHex());
        CoreClient core = _ours.Open(KeyOf(source), isSparse: true, storage: s_encrypted);
        _ours.Accept();
        CoreInfo info = await TcpSwarm.UntilAsync(core, info => info.Length == 500);
        Assert.Equal((10 * 7) + (90 * 8) + (400 * 9), info.ByteLength);
        Assert.Equal((123, 4), await core.SeekAsync((10 * 7) + (90 * 8) + (23 * 9) + 4));
        Task<ReadOnlyMemory<byte>?>[] reads = [.. Enumerable.Repeat(77, 5).Select(index => core.GetAsync(index, wait: true))];
        foreach (ReadOnlyMemory<byte>? block in await Task.WhenAll(reads))
            Assert.Equal("block-77", Encoding.UTF8.GetString(block!.Value.Span));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task JavaScript_reads_our_encrypted_core_with_the_key_and_only_so(int version)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)33, 32)])));
        CoreClient core = _ours.Open(identity, storage: s_encrypted);
        await core.AppendAsync([.. Enumerable.Range(0, 20).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"ours-{i}"))]);
        using NodePeer reader = Start(version, "reader", "--key", identity.Key.ToHex(), "--sparse", "7", "--encryption", s_secret.ToHex());
        _ours.Accept();
        Assert.Equal("ours-7", (string?)reader.ReadEvent("block")["value"]);
        using NodePeer blind = Start(version, "reader", "--key", identity.Key.ToHex(), "--sparse", "7");
        _ours.Accept();
        Assert.NotEqual("ours-7", (string?)blind.ReadEvent("block")["value"]);
    }

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    public async Task An_encrypted_core_passes_through_us_although_we_cannot_read_it(int from, int to)
    {
        using NodePeer source = Start(from, "source", "--blocks", "30", "--manifest", "--encryption", s_secret.ToHex());
        CoreIdentity identity = KeyOf(source);
        CoreClient core = _ours.Open(identity);
        _ours.Accept();
        await TcpSwarm.UntilAsync(core, info => info.ContiguousLength == 30);
        Assert.NotEqual("block-7", Encoding.UTF8.GetString((await core.GetAsync(7))!.Value.Span));
        using NodePeer reader = Start(to, "reader", "--key", identity.Key.ToHex(), "--sparse", "7", "--encryption", s_secret.ToHex());
        _ours.Accept();
        Assert.Equal("block-7", (string?)reader.ReadEvent("block")["value"]);
    }

    public void Dispose() => _ours.Dispose();

    private static CoreIdentity KeyOf(NodePeer source)
    {
        JsonObject core = source.ReadEvent("core");
        Assert.True(CoreKey.TryParse((string?)core["key"], out CoreKey key));
        return CoreIdentity.ForReader(key);
    }

    private NodePeer Start(int version, string role, params string[] more)
        => NodePeer.Start("replicate.js", ["--port", $"{_ours.Port}", "--version", $"{version}", "--role", role, .. more]);
}
