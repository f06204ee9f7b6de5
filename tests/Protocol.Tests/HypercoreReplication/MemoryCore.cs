using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

/// <summary>A core without files, for one end of a replication test.</summary>
internal sealed class MemoryCore : IMerkleNodes
{
    private readonly Dictionary<long, MerkleNode> _nodes = [];
    private readonly Dictionary<long, byte[]> _blocks = [];
    private readonly KeyPair? _keyPair;
    private TreeVerifier? _verifier;

    private MemoryCore(CoreKey key, Manifest? manifest, KeyPair? keyPair)
    {
        Key = key;
        _keyPair = keyPair;
        _verifier = manifest is null ? null : new TreeVerifier(key, manifest);
    }

    public CoreKey Key { get; }

    public MerkleTree Tree { get; private set; } = MerkleTree.Empty;

    public IReadOnlyDictionary<long, byte[]> Blocks => _blocks;

    public LocalCore State => new(Tree.Fork, Tree.Length, _verifier is not null, _verifier?.Compat ?? false);

    public static MemoryCore Writer(byte seed, bool compat)
    {
        KeyPair pair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat(seed, 32)]));
        Manifest manifest = Manifest.ForSigner(pair.PublicKey);
        return new MemoryCore(manifest.ToKey(compat), manifest, pair);
    }

    public static MemoryCore Reader(CoreKey key) => new(key, null, null);

    public void Append(params byte[][] blocks)
    {
        MerkleBatch batch = new(Tree);
        foreach (byte[] block in blocks)
        {
            _blocks.Add(batch.Length, block);
            batch.Append(block);
        }

        Assert.True(_verifier!.TrySign(batch, _keyPair!, out byte[] signature));
        Commit(batch, signature);
    }

    public void Clear(long index) => _blocks.Remove(index);

    public BlockSet ToBlockSet()
    {
        BlockSet set = new();
        foreach (long index in _blocks.Keys)
            set.Add(index, 1);
        return set;
    }

    public bool TryGet(long index, out MerkleNode node) => _nodes.TryGetValue(index, out node);

    public PlannedBlock Plan(long block) => new(block, Tree.CountMissingNodes(this, 2 * block));

    public MerkleProof? Prove(ProofRequest parts, bool manifest)
    {
        if (parts is { Block: null, Hash: null, Upgrade: null })
            return new MerkleProof(Tree.Fork, Manifest: manifest ? _verifier!.Manifest : null);
        if (!ProofBuilder.TryBuild(Tree, this, parts, _verifier?.Prologue, out MerkleProof proof, out _))
            return null;
        if (proof.Block is { } block)
            proof = proof with { Block = block with { Value = _blocks[block.Index] } };
        return manifest ? proof with { Manifest = _verifier!.Manifest } : proof;
    }

    public VerifyOutcome Verify(MerkleProof proof)
    {
        TreeVerifier? verifier = _verifier ?? VerifierFor(proof.Manifest);
        if (verifier is null)
            return VerifyOutcome.Untrue;
        VerifiedProof verified = ProofVerifier.Verify(Tree, this, proof, verifier.Prologue);
        if (verified.Verdict != ProofVerdict.Valid)
            return verified.Verdict == ProofVerdict.Malformed ? VerifyOutcome.Malformed : VerifyOutcome.Untrue;
        if (verified.Batch.Upgraded && !verifier.Verify(verified.Batch, verified.Signature.Span))
            return VerifyOutcome.Untrue;
        if (proof.Block is { } block)
            _blocks[block.Index] = block.Value.ToArray();
        _verifier = verifier;
        Commit(verified.Batch, verified.Batch.Upgraded ? verified.Signature : Tree.Signature);
        return VerifyOutcome.Stored;
    }

    private TreeVerifier? VerifierFor(Manifest? manifest)
    {
        manifest ??= Manifest.ForSigner(new PublicKey(Key.Value));
        return manifest.Matches(Key) ? new TreeVerifier(Key, manifest) : null;
    }

    private void Commit(MerkleBatch batch, ReadOnlyMemory<byte> signature)
    {
        foreach (MerkleNode node in batch.Nodes)
            _nodes[node.Index] = node;
        foreach (MerkleNode root in batch.Roots)
            _nodes[root.Index] = root;
        Tree = batch.ToTree(signature);
    }
}
