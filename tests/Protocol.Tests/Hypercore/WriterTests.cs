using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>The same operations as the generator of the fixtures must leave the same bytes.</summary>
public sealed class WriterTests
{
    [Fact]
    public void An_empty_core_is_its_header() => AssertSameFiles("core-10-empty", true, (_, _) => { });

    [Theory]
    [InlineData("core-10-5-blocks", 5, true)]
    [InlineData("core-10-unflushed", 3, true)]
    [InlineData("core-10-compat", 3, true)]
    [InlineData("core-10-manifest-v1", 3, false)]
    public void Single_appends_are_byte_identical(string fixture, int count, bool compat)
        => AssertSameFiles(fixture, compat, (core, run) =>
        {
            for (int i = 0; i < count; i++)
                run(core.Append([Block(i)]));
        });

    [Fact]
    public void Batches_are_byte_identical()
        => AssertSameFiles("core-10-1000-blocks", true, (core, run) =>
        {
            for (int i = 0; i < 1000; i += 100)
                run(core.Append(Blocks(i, 100)));
        });

    [Fact]
    public void Truncation_is_byte_identical()
        => AssertSameFiles("core-10-truncated", true, (core, run) =>
        {
            for (int i = 0; i < 10; i++)
                run(core.Append([Block(i)]));
            run(core.Truncate(6));
            run(core.Append([Text("fork1-6"), Text("fork1-7")]));
        });

    [Fact]
    public void Clearing_is_byte_identical()
        => AssertSameFiles("core-10-cleared", true, (core, run) =>
        {
            run(core.Append(Blocks(0, 8)));
            run(core.Clear(2, 4));
        });

    [Theory]
    [InlineData("core-10-encrypted", true)]
    [InlineData("core-10-encrypted-manifest", false)]
    public void Encrypted_appends_are_byte_identical(string fixture, bool compat)
        => AssertSameFiles(fixture, compat, (core, run) => run(core.Append([Text("hello"), Text("world"), Text("")])));

    [Fact]
    public void User_data_is_byte_identical()
        => AssertSameFiles("core-10-userdata", true, (core, run) =>
        {
            run(core.SetUserData("hello", Text("world")));
            run(core.SetUserData("k2", new byte[] { 1, 2, 3 }));
            run(core.Append([Text("x")]));
            run(core.SetUserData("k2", default));
        });

    [Fact]
    public void A_header_that_outgrows_its_slot_is_byte_identical()
    {
        byte[] big = new byte[6000];
        big.AsSpan().Fill(7);
        AssertSameFiles("core-10-bigheader", true, (core, run) =>
        {
            run(core.Append([Text("x")]));
            run(core.SetUserData("big", big));
            for (int i = 0; i < 6; i++)
                run(core.Append([Text($"y{i}")]));
        });
    }

    [Fact]
    public void A_sparse_reader_is_byte_identical()
    {
        Fixture fixture = new("core-10-sparse-reader");
        MemoryCoreFiles writerFiles = new(), files = new();
        KeyPair keyPair = new Fixture("core-10-empty").KeyPair;
        CoreIdentity identity = CoreIdentity.ForWriter(keyPair, compat: true);
        HypercoreMachine writer = HypercoreMachine.Create(writerFiles, identity, HypercoreOptions.AsUpstream);
        writer.Append(Blocks(0, 20));
        writerFiles.Run(writer);
        HypercoreMachine reader = HypercoreMachine.Create(files, CoreIdentity.ForReader(writer.Key), HypercoreOptions.AsUpstream);
        files.Run(reader);
        ProofRequest[] requests = [new(Upgrade: new(0, 20)), new(Block: new(3, 4)), new(Block: new(17, 2))];
        foreach (ProofRequest request in requests)
        {
            Assert.True(writer.TryProve(request, out MerkleProof proof, out _));
            Assert.Equal(ProofOutcome.Accepted, reader.Accept(proof));
            files.Run(reader);
        }

        Assert.Equal(fixture.Digest("files"), files.Digest());
    }

    [Fact]
    public void A_block_that_is_too_long_is_refused()
    {
        MemoryCoreFiles files = new();
        CoreIdentity identity = CoreIdentity.ForWriter(new Fixture("core-10-empty").KeyPair);
        HypercoreMachine core = HypercoreMachine.Create(files, identity, HypercoreOptions.AsUpstream with { MaxBlockLength = 10 });
        files.Run(core);
        core.Append([new byte[10], new byte[11]]);
        Assert.Equal(CoreFailure.LimitReached, Assert.Single(files.Run(core).OfType<OrderFailed>()).Failure);
        core.Append([new byte[10]]);
        Assert.Single(files.Run(core).OfType<OrderCompleted>());
        Assert.Equal(1, core.Tree.Length);
    }

    [Fact]
    public void Who_is_no_signer_or_reads_only_appends_nothing()
    {
        MemoryCoreFiles files = new(), copyFiles = new();
        HypercoreMachine writer = HypercoreMachine.Create(
            files, CoreIdentity.ForWriter(new Fixture("core-10-empty").KeyPair), HypercoreOptions.AsUpstream);
        files.Run(writer);
        HypercoreMachine copy = HypercoreMachine.Create(copyFiles, CoreIdentity.ForReader(writer.Key), HypercoreOptions.AsUpstream);
        copyFiles.Run(copy);
        HypercoreMachine opened = HypercoreMachine.Open(files, HypercoreOptions.AsUpstream with { ReadOnly = true });
        Assert.Equal((true, false, true), (writer.Writable, copy.Writable, opened.Writable));
        copy.Append([Block(0)]);
        Assert.Equal(CoreFailure.NotWritable, Assert.Single(copyFiles.Run(copy).OfType<OrderFailed>()).Failure);
        opened.Append([Block(0)]);
        Assert.Equal(CoreFailure.NotWritable, Assert.Single(files.Run(opened).OfType<OrderFailed>()).Failure);
    }

    [Fact]
    public void A_core_is_signed_where_the_secret_key_is_and_does_not_store_it()
    {
        MemoryCoreFiles files = new();
        KeyPair here = new Fixture("core-10-empty").KeyPair;
        KeyPair elsewhere = KeyPair.FromSigner(here.PublicKey, message => Ed25519.Sign(here, message));
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForWriter(elsewhere), HypercoreOptions.AsUpstream);
        files.Run(core);
        core.Append([Block(0)]);
        Assert.Single(files.Run(core).OfType<OrderCompleted>());
        HypercoreMachine reopened = HypercoreMachine.Open(files, HypercoreOptions.AsUpstream);
        Assert.Equal((core.Tree.Hash, 1, false), (reopened.Tree.Hash, reopened.Tree.Length, reopened.Writable));
    }

    private static void AssertSameFiles(string name, bool compat, Action<HypercoreMachine, Action<CoreOrder>> operations)
    {
        Fixture fixture = new(name);
        MemoryCoreFiles files = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForWriter(fixture.KeyPair, compat), fixture.Options);
        files.Run(core);
        operations(core, order =>
            Assert.Contains(files.Run(core), report => report is OrderCompleted completed && completed.Order == order));
        foreach ((string file, (long Size, string Hash) expected) in fixture.Digest("files"))
        {
            Assert.True(files.Digest().TryGetValue(file, out (long Size, string Hash) actual), file);
            Assert.True(actual == expected, $"{file} has {actual.Size} bytes, upstream's {expected.Size}");
        }

        Assert.Equal(fixture.Digest("files").Count, files.Digest().Count);
    }

    private static ReadOnlyMemory<byte> Block(int index) => Text($"block-{index}");

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<byte>[] Blocks(int start, int count) => [.. Enumerable.Range(start, count).Select(Block)];
}
