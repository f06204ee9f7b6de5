using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class FixtureTests
{
    public static TheoryData<string> Names => [.. Fixture.Names];

    [Fact]
    public void There_are_seventeen_fixtures() => Assert.Equal(17, Fixture.Names.Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_folder_written_by_JavaScript_opens_with_everything_in_it(string name)
    {
        Fixture fixture = new(name);
        HypercoreMachine core = HypercoreMachine.Open(fixture.Files, fixture.Options);
        fixture.Files.Run(core);
        JsonElement expected = fixture.Expected;
        Assert.Equal(expected.Hash("key"), core.Key.Value);
        Assert.Equal(expected.Hash("discoveryKey"), core.DiscoveryKey.Value);
        Assert.Equal(expected.GetProperty("compat").GetBoolean(), core.Compat);
        Assert.Equal(expected.GetProperty("manifest").Bytes("encoded"), core.Manifest!.Encode());
        Assert.Equal(expected.Number("length"), core.Tree.Length);
        Assert.Equal(expected.Number("byteLength"), core.Tree.ByteLength);
        Assert.Equal(expected.Number("fork"), core.Tree.Fork);
        Assert.Equal(expected.Hash("treeHash"), core.Tree.Hash);
        string contiguous = expected.Has("contiguousLengthFromBitfield") ? "contiguousLengthFromBitfield" : "contiguousLength";
        Assert.Equal(expected.Number(contiguous), core.ContiguousLength);
        if (core.Tree.Length > 0)
            Assert.Equal(expected.Bytes("signature"), core.Tree.Signature.ToArray());
        AssertBlocks(expected, core);
        AssertLocalState(expected, core);
        Assert.Equal(fixture.Digest("filesAfterOpen"), fixture.Files.Digest());
    }

    [Theory]
    [InlineData("core-10-encrypted")]
    [InlineData("core-10-encrypted-manifest")]
    public void Encrypted_blocks_read_as_plain_text(string name)
    {
        Fixture fixture = new(name);
        HypercoreMachine core = HypercoreMachine.Open(fixture.Files, fixture.Options);
        List<string> plain = [];
        for (long index = 0; index < core.Tree.Length; index++)
        {
            Assert.True(core.TryRead(index, out ReadOnlyMemory<byte> block));
            plain.Add(Convert.ToHexStringLower(block.Span));
        }

        Assert.Equal(fixture.Expected.GetProperty("plaintextBlocks").EnumerateArray().Select(block => block.GetString()!), plain);
        Assert.Equal(plain.Sum(block => block.Length / 2), core.ByteLength);
    }

    [Fact]
    public void A_core_that_reaches_further_than_its_header_is_not_written()
    {
        Fixture fixture = new("core-10-crash-header");
        HypercoreMachine core = HypercoreMachine.Open(fixture.Files, fixture.Options);
        Assert.False(core.Writable);
        core.Append([new byte[] { 1 }]);
        OrderFailed failed = Assert.IsType<OrderFailed>(Assert.Single(fixture.Files.Run(core)));
        Assert.Contains("fork", failed.Reason, StringComparison.Ordinal);
        Assert.True(core.TryRead(0, out _));
    }

    [Theory]
    [InlineData(CoreFile.Oplog)]
    [InlineData(CoreFile.Tree)]
    public void Damage_is_reported_with_file_and_offset(CoreFile file)
    {
        Fixture fixture = new("core-10-5-blocks");
        byte[] bytes = fixture.Files.Bytes(file);
        for (int offset = 0; offset < bytes.Length; offset += file == CoreFile.Tree ? 40 : 4096)
            bytes[offset + 8] ^= 1;
        CoreStorageException error = Assert.Throws<CoreStorageException>(() => HypercoreMachine.Open(fixture.Files, fixture.Options));
        Assert.Equal(file, error.File);
    }

    [Fact]
    public void A_block_that_the_disk_changed_is_not_served()
    {
        Fixture fixture = new("core-10-5-blocks");
        HypercoreMachine core = HypercoreMachine.Open(fixture.Files, fixture.Options);
        byte[] bytes = fixture.Files.Bytes(CoreFile.Data);
        bytes[^1] ^= 1;
        Assert.True(core.TryProve(new ProofRequest(new NodeTarget(3, 0)), out _, out _));
        Assert.False(core.TryProve(new ProofRequest(new NodeTarget(4, 0)), out _, out ProofFailure failure));
        Assert.Equal(ProofFailure.NotStored, failure);
    }

    private static void AssertBlocks(JsonElement expected, HypercoreMachine core)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int present = 0;
        for (long index = 0; index < core.Tree.Length; index++)
        {
            if (!core.TryReadStored(index, out ReadOnlyMemory<byte> block))
                continue;
            if (expected.Has("blockRule"))
                Assert.Equal($"block-{index}", Encoding.UTF8.GetString(block.Span));
            hash.AppendData(block.Span);
            present++;
        }

        Assert.Equal(expected.Number("present"), present);
        Assert.Equal(expected.Bytes("sha256OfConcatenatedPresentBlocks"), hash.GetHashAndReset());
    }

    private static void AssertLocalState(JsonElement expected, HypercoreMachine core)
    {
        Assert.Equal(expected.Has("keyPair"), core.Writable || core.ReadOnlyReason is not null);
        JsonElement[] userData = [.. expected.GetProperty("userData").EnumerateArray()];
        Assert.Equal(userData.Select(item => item.GetProperty("key").GetString()), core.UserData.Select(item => item.Key));
        JsonElement[] hints = [.. expected.GetProperty("reorgHints").EnumerateArray()];
        Assert.Equal(
            hints.Select(hint => (hint.Number("from"), hint.Number("to"), hint.Number("ancestors"))),
            core.Reorgs.Select(hint => (hint.FromFork, hint.ToFork, hint.Ancestors)));
    }
}
