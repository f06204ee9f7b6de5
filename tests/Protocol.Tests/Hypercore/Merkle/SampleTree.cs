using System.Text.Json;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Merkle;

/// <summary>The 13-block core that the proof vectors are made from.</summary>
internal sealed class SampleTree : IMerkleNodes
{
    private readonly Dictionary<long, MerkleNode> _nodes = [];

    internal SampleTree()
    {
        JsonElement vector = HypercoreVectors.Root.GetProperty("tree");
        Blocks = [.. vector.GetProperty("blocks").EnumerateArray().Select(block => Convert.FromHexString(block.GetString()!))];
        foreach (MerkleNode node in vector.Nodes("nodes"))
            _nodes[node.Index] = node;
        JsonElement last = vector.GetProperty("lengths").EnumerateArray().Last();
        Assert.True(MerkleTree.TryLoad(this, 0, Blocks.Count, last.Bytes("signature"), out MerkleTree tree, out _));
        Tree = tree;
        Key = new CoreKey(vector.Hash("coreKey"));
        Verifier = new TreeVerifier(Key, Manifest.ForSigner(vector.KeyPair("keyPairSeed").PublicKey));
    }

    internal IReadOnlyList<byte[]> Blocks { get; }

    internal MerkleTree Tree { get; }

    internal CoreKey Key { get; }

    internal TreeVerifier Verifier { get; }

    public bool TryGet(long index, out MerkleNode node) => _nodes.TryGetValue(index, out node);

    internal MerkleTree Shortened(long length)
    {
        Assert.True(MerkleTree.TryLoad(this, 0, length, default, out MerkleTree tree, out _));
        return tree;
    }
}
