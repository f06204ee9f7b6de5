using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Manifests;

/// <summary>Signs and checks states of one core by its manifest's rules (reference 1.6 to 1.9).</summary>
public sealed class TreeVerifier
{
    private readonly CoreKey _key;
    private readonly Manifest _manifest;
    private readonly int _version;
    private readonly bool _allowPatch;

    public TreeVerifier(CoreKey key, Manifest manifest)
    {
        _key = key;
        _manifest = manifest;
        Compat = manifest.IsCompatFor(key);
        _version = Compat ? 0 : manifest.Version;
        _allowPatch = !Compat && manifest.AllowPatch;
        Prologue = Compat || _version == 0 ? null : manifest.Prologue;
    }

    public Manifest Manifest => _manifest;

    /// <summary>Whether the core key is the signer's public key itself.</summary>
    public bool Compat { get; }

    /// <summary>The part that is fixed by hash; version 0 never applies it.</summary>
    public Prologue? Prologue { get; }

    /// <summary>Whether the state may be accepted with this signature.</summary>
    public bool Verify(MerkleBatch tree, ReadOnlySpan<byte> signature)
    {
        if (Prologue is { } prologue && tree.Length <= prologue.Length)
            return tree.Length == prologue.Length && tree.TreeHash == prologue.Hash;
        if (signature.IsEmpty)
            return false;
        return _version == 0 && (Compat || (!_allowPatch && _manifest.Signers.Length == 1))
            ? VerifyOne(_manifest.Signers[0], tree, signature)
            : VerifyMany(tree, signature);
    }

    /// <summary>Signs as the only signer; false when the pair is not a signer or others must sign too.</summary>
    public bool TrySign(MerkleBatch tree, KeyPair keyPair, out byte[] signature)
    {
        signature = [];
        if (_manifest.Signers.Length != 1 || _manifest.Signers[0].PublicKey != keyPair.PublicKey)
            return false;
        byte[] raw = Ed25519.Sign(keyPair, Signable(_manifest.Signers[0], tree));
        signature = _version == 0 ? raw : new MultiSignature([new SignerProof(0, raw, 0)], []).Encode();
        return true;
    }

    /// <summary>What one signer signs for a state.</summary>
    public byte[] Signable(ManifestSigner signer, MerkleBatch tree)
        => Compat
            ? TreeSignable.Compat(tree.TreeHash, tree.Length, tree.Fork)
            : TreeSignable.WithContext(_version == 0 ? signer.Namespace : _key.Value, tree.TreeHash, tree.Length, tree.Fork);

    private bool VerifyOne(ManifestSigner signer, MerkleBatch tree, ReadOnlySpan<byte> signature)
        => Ed25519.Verify(signer.PublicKey, Signable(signer, tree), signature);

    private bool VerifyMany(MerkleBatch tree, ReadOnlySpan<byte> signature)
    {
        MultiSignature container;
        bool decoded = _version == 0
            ? MultiSignature.TryDecodeFirst(signature, out container)
            : MultiSignature.TryDecode(signature, out container);
        if (!decoded || _manifest.Quorum == 0 || container.Proofs.Count < _manifest.Quorum)
            return false;
        HashSet<long> tried = [];
        for (int i = 0; i < (int)_manifest.Quorum; i++)
        {
            SignerProof proof = container.Proofs[i];
            if (proof.Signer >= _manifest.Signers.Length || !tried.Add(proof.Signer))
                return false;
            MerkleBatch? signed = proof.PatchLength > 0 && _allowPatch ? Extend(tree, container.Patch, proof.PatchLength) : tree;
            if (signed is null || !VerifyOne(_manifest.Signers[(int)proof.Signer], signed, proof.Signature.Span))
                return false;
        }

        return true;
    }

    /// <summary>The longer tree that a signer saw, rebuilt from the pool of nodes; null when the pool does not lead there.</summary>
    private MerkleBatch? Extend(MerkleBatch tree, IReadOnlyList<MerkleNode> pool, long blocks)
    {
        if (blocks >= FlatTreeIndex.MaxIndex - tree.Length)
            return null;
        Dictionary<long, MerkleNode> byIndex = [];
        foreach (MerkleNode node in pool)
            byIndex[node.Index] = node;
        List<MerkleNode> nodes = [];
        foreach (long index in FlatTreeIndex.Path(tree.Length, tree.Length + blocks))
        {
            if (!byIndex.TryGetValue(index, out MerkleNode node))
                return null;
            nodes.Add(node);
        }

        MerkleBatch extended = tree.Clone();
        UpgradeProof upgrade = new(tree.Length, blocks, nodes, [], default);
        return UpgradeVerifier.TryApply(extended, tree.Fork, upgrade, null, Prologue, new HashSet<long>(), out _) ? extended : null;
    }
}
