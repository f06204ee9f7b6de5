using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class ByteSearchTests
{
    private const int Length = 300;

    private readonly MemoryCoreFiles _writerFiles = new();
    private readonly MemoryCoreFiles _readerFiles = new();
    private readonly HypercoreMachine _writer;
    private readonly HypercoreMachine _reader;

    public ByteSearchTests()
    {
        KeyPair pair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)8, 32).ToArray()));
        _writer = HypercoreMachine.Create(_writerFiles, CoreIdentity.ForWriter(pair), HypercoreOptions.AsUpstream);
        _writer.Append([.. Enumerable.Range(0, Length).Select(BlockOf)]);
        _writerFiles.Run(_writer);
        _reader = HypercoreMachine.Create(_readerFiles, CoreIdentity.ForReader(_writer.Key), HypercoreOptions.AsUpstream);
        Take(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), true);
    }

    [Fact]
    public void One_request_leads_to_the_pair_of_blocks_that_holds_a_byte()
    {
        for (int block = 0; block < Length; block += 7)
        {
            long bytes = OffsetOf(block) + 1;
            int requests = 0;
            NodeSearch search;
            for (; !_reader.TryFindByte(bytes, out search, out _) && !search.NeedsBlock; requests++)
                Take(search.RequestBy(search.Within.FirstBlock));
            Assert.InRange(requests, 0, 1);
            if (search.Within.Levels > 0)
                Take(new ProofRequest(Block: new NodeTarget(block, _reader.Accepted.CountMissingNodes(_reader, 2 * block))));
            Assert.True(_reader.TryFindByte(bytes, out long found, out long offset));
            Assert.Equal((block, 1), (found, offset));
        }
    }

    [Fact]
    public void Sizes_that_are_shifted_in_a_seek_proof_change_no_answer()
    {
        long bytes = OffsetOf(123) + 1;
        Assert.False(_reader.TryFindByte(bytes, out NodeSearch search, out _));
        MerkleProof proof = Prove(search.RequestBy(search.Within.FirstBlock));
        MerkleNode[] nodes = [.. proof.Seek!.Nodes];
        nodes[0] = nodes[0] with { ByteLength = nodes[0].ByteLength + 2 };
        nodes[1] = nodes[1] with { ByteLength = nodes[1].ByteLength - 2 };
        Assert.Equal(ProofOutcome.Accepted, _reader.Accept(proof with { Seek = proof.Seek with { Nodes = nodes } }));
        _readerFiles.Run(_reader);

        Assert.False(_reader.TryFindByte(bytes, out search, out _));
        Assert.Equal(new WantedNode(122, 124, 1), search.Within);
        Assert.True(search.NeedsBlock);
        Take(new ProofRequest(Block: new NodeTarget(122, _reader.Accepted.CountMissingNodes(_reader, 244))));
        Assert.True(_reader.TryFindByte(bytes, out long found, out long offset));
        Assert.Equal((123, 1), (found, offset));
    }

    [Fact]
    public void Any_other_change_of_a_seek_proof_is_refused()
    {
        Assert.False(_reader.TryFindByte(OffsetOf(123), out NodeSearch search, out _));
        MerkleProof proof = Prove(search.RequestBy(search.Within.FirstBlock));
        for (int i = 0; i < proof.Seek!.Nodes.Count; i++)
        {
            MerkleNode[] larger = [.. proof.Seek.Nodes], other = [.. proof.Seek.Nodes], moved = [.. proof.Seek.Nodes];
            larger[i] = larger[i] with { ByteLength = larger[i].ByteLength + 1 };
            other[i] = other[i] with { Hash = new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()) };
            moved[i] = moved[i] with { Index = moved[i].Index + 4 };
            foreach (MerkleNode[] nodes in (MerkleNode[][])[larger, other, moved])
                Assert.NotEqual(ProofOutcome.Accepted, _reader.Accept(proof with { Seek = proof.Seek with { Nodes = nodes } }));
        }
    }

    private void Take(ProofRequest request, bool manifest = false)
    {
        MerkleProof proof = Prove(request);
        Assert.Equal(ProofOutcome.Accepted, _reader.Accept(manifest ? proof with { Manifest = _writer.Manifest } : proof));
        _readerFiles.Run(_reader);
    }

    private MerkleProof Prove(ProofRequest request)
    {
        Assert.True(_writer.TryProve(request, out MerkleProof proof, out _));
        return proof;
    }

    private static long OffsetOf(int block) => Enumerable.Range(0, block).Sum(index => (long)BlockOf(index).Length);

    private static ReadOnlyMemory<byte> BlockOf(int index) => Encoding.UTF8.GetBytes($"block {index} {new string('x', index % 5)}");
}
