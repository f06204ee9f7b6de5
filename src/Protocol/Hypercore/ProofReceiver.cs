using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>What became of a peer's proof.</summary>
public enum ProofOutcome
{
    Accepted,

    /// <summary>True perhaps, but not of the state this core is in: another fork, or nothing new.</summary>
    Stale,

    /// <summary>A signed tree of a higher fork; more nodes are needed to find what it shares with this one.</summary>
    Incomplete,

    /// <summary>Not a proof of what it claims; the request stays unanswered.</summary>
    Malformed,

    /// <summary>Hashes or sizes contradict what is stored: the peer lies or the writer has forked.</summary>
    Contradicts,

    /// <summary>The signature or the manifest is not the writer's.</summary>
    BadSignature,

    /// <summary>The core takes no changes.</summary>
    Refused,
}

/// <summary>What a check for two histories came to.</summary>
public enum ConflictVerdict
{
    /// <summary>The proof says nothing about our own blocks.</summary>
    Unrelated,
    SameHistory,
    InvalidProof,

    /// <summary>The writer signed another history; the core is closed for changes.</summary>
    Proven,
}

/// <summary>A tree that the writer of a core has signed.</summary>
/// <param name="Fork">Of the tree.</param>
/// <param name="Length">Its blocks.</param>
/// <param name="IsNewer">Whether our own core is shorter.</param>
public sealed record RemoteTree(long Fork, long Length, bool IsNewer);

/// <summary>Checks what peers send and commits it.</summary>
internal sealed class ProofReceiver
{
    private readonly CoreState _state;
    private readonly CoreJournal _journal;
    private readonly CoreReader _reader;
    private readonly ProvenNodes _proven;

    internal ProofReceiver(CoreState state, CoreJournal journal, CoreReader reader, bool conflicted)
    {
        Conflicted = conflicted;
        _state = state;
        _journal = journal;
        _reader = reader;
        _proven = new ProvenNodes(state.Nodes);
    }

    internal bool Conflicted { get; private set; }

    internal int CountMissingNodes(long block) => _proven.CountMissingNodes(_journal.Accepted, block);

    internal ProofOutcome Accept(MerkleProof proof, MerkleNode? leaf = null)
    {
        MerkleTree old = _journal.Accepted;
        if (proof.Fork != old.Fork)
            return ProofOutcome.Stale;
        VerifiedProof verified = ProofVerifier.Verify(old, _state.Nodes, proof, _state.Verifier?.Prologue, leaf);
        if (verified.Verdict != ProofVerdict.Valid)
            return verified.Verdict == ProofVerdict.Malformed ? ProofOutcome.Malformed : ProofOutcome.Contradicts;
        MerkleBatch batch = verified.Batch;
        TreeVerifier? verifier = _state.Verifier;
        if (batch.Upgraded && !TryVerifySignature(proof.Manifest, batch, verified.Signature.Span, out verifier))
            return ProofOutcome.BadSignature;
        if (proof.Block is { } claimed && claimed.Index >= batch.Length)
            return ProofOutcome.Malformed;

        MerkleTree tree = batch.Upgraded ? batch.ToTree(verified.Signature) : old;
        BlockProof? block = proof.Block is { } sent && !(sent.Index < old.Length && _state.Bitfield.Get(sent.Index)) ? sent : null;
        ProofNodes nodes = new(verified);
        if (!batch.Upgraded && block is null && AreStored(nodes.Trusted))
            return TakeManifest(proof.Manifest);
        BlockWrites? data = null;
        IReadOnlyList<MerkleNode> changed = nodes.Trusted;
        if (block is not null)
        {
            if (!TryLocate(tree, verified.Top, nodes, block.Index, out long offset, out MerkleNode? mended))
                return ProofOutcome.Malformed;
            data = BlockWrites.Of(offset, block.Value);
            changed = mended is { } sibling ? [.. changed, sibling] : changed;
        }

        Learn(verifier);
        Commit(old, tree, changed, block, data);
        return ProofOutcome.Accepted;
    }

    /// <summary>Where a block belongs, out of nothing but what is signed or in the proof: a damaged node must not lead to the bytes of another.</summary>
    private bool TryLocate(MerkleTree tree, MerkleNode? top, ProofNodes nodes, long block, out long offset, out MerkleNode? mended)
    {
        mended = null;
        if (top is not { } reached)
            return tree.TryByteOffset(nodes, 2 * block, out offset);
        if (!_proven.TryLocate(_journal.Accepted, reached, out offset, out mended))
            return false;
        offset = _proven.KeepBelow(reached, offset, nodes, block);
        return true;
    }

    private bool AreStored(IReadOnlyList<MerkleNode> nodes)
        => nodes.All(node => _state.Nodes.TryGet(node.Index, out MerkleNode known) && known == node);

    internal ProofOutcome TryReorganize(MerkleProof proof, out Reorganization? reorganization)
    {
        reorganization = null;
        if (proof.Fork <= _journal.Accepted.Fork)
            return ProofOutcome.Stale;
        VerifiedProof verified = ProofVerifier.VerifyFromEmpty(_journal.Accepted, proof, _state.Verifier?.Prologue);
        if (verified.Verdict != ProofVerdict.Valid)
            return ProofOutcome.Malformed;
        if (!TryVerifySignature(proof.Manifest, verified.Batch, verified.Signature.Span, out TreeVerifier? verifier))
            return ProofOutcome.BadSignature;
        Learn(verifier);
        reorganization = new Reorganization(_journal.Accepted, _state.Nodes, verified);
        return ProofOutcome.Accepted;
    }

    internal ProofOutcome Accept(Reorganization reorganization)
    {
        MerkleTree old = _journal.Accepted;
        if (!reorganization.IsComplete || !ReferenceEquals(reorganization.Old, old))
            return ProofOutcome.Stale;
        MerkleTree tree = reorganization.ToTree();
        long ancestors = reorganization.Ancestors;
        OplogEntry entry = new(
            TreeNodes: reorganization.Nodes,
            Upgrade: new TreeUpgrade(tree.Fork, ancestors, tree.Length, tree.Signature),
            Bitfield: new BitfieldChange(true, ancestors, old.Length - ancestors));
        _journal.Commit(new CoreChange(entry, [new Truncated(old.Length, ancestors, tree)]) { Tree = tree, AlwaysCheckpoint = true });
        _reader.RefuseWaiting(ancestors, old.Length);
        return ProofOutcome.Accepted;
    }

    internal ConflictVerdict CheckConflict(MerkleProof proof)
    {
        MerkleTree tree = _journal.Accepted;
        if (proof.Upgrade is not { Start: 0 } upgrade || upgrade.Length > tree.Length || proof.Fork != tree.Fork)
            return ConflictVerdict.Unrelated;
        VerifiedProof verified = ProofVerifier.VerifyFromEmpty(tree, proof, _state.Verifier?.Prologue);
        if (verified.Verdict != ProofVerdict.Valid || verified.Batch.Length > tree.Length
            || !TryVerifySignature(proof.Manifest, verified.Batch, verified.Signature.Span, out _))
            return ConflictVerdict.InvalidProof;
        if (!MerkleTree.TryLoad(_state.Nodes, tree.Fork, verified.Batch.Length, default, out MerkleTree own, out _))
            return ConflictVerdict.Unrelated;
        if (own.Hash == verified.Batch.TreeHash)
            return ConflictVerdict.SameHistory;
        if (!LeadsToOurTree(own))
            return ConflictVerdict.Unrelated;
        if (!Conflicted)
            _journal.CommitEvidence(ConflictEvidence.Encode(proof));
        Conflicted = true;
        _journal.Raise(new ConflictFound(proof));
        return ConflictVerdict.Proven;
    }

    internal RemoteTree? CheckRemote(MerkleProof proof, ReadOnlyMemory<byte>? referrer)
    {
        if (referrer is { } wanted && !_state.UserData.Any(item => item.Key == "referrer" && item.Value.Span.SequenceEqual(wanted.Span)))
            return null;
        VerifiedProof verified = ProofVerifier.VerifyFromEmpty(_journal.Accepted, proof, FindVerifier(proof.Manifest)?.Prologue);
        bool isSigned = verified.Verdict == ProofVerdict.Valid && TryVerifySignature(proof.Manifest, verified.Batch, verified.Signature.Span, out _);
        return isSigned ? new RemoteTree(proof.Fork, verified.Batch.Length, verified.Batch.Length > _state.Length) : null;
    }

    /// <summary>A damaged disk must not look like a second history: the nodes of a length are its own if they grow into the signed tree.</summary>
    private bool LeadsToOurTree(MerkleTree own)
    {
        MerkleTree tree = _journal.Accepted;
        if (own.Length == tree.Length)
            return own.Hash == tree.Hash;
        MerkleBatch grown = new(own);
        ProofRequest rest = new(Upgrade: new UpgradeTarget(own.Length, tree.Length - own.Length));
        return ProofBuilder.TryBuild(tree, _state.Nodes, rest, null, out MerkleProof proof, out _) && proof.Upgrade is { } upgrade
            && UpgradeVerifier.TryApply(grown, tree.Fork, upgrade, null, null, new HashSet<long>(), out _) && grown.TreeHash == tree.Hash;
    }

    /// <summary>A core without a manifest takes the one in the proof, or the default of a compat key, if it belongs to the key.</summary>
    private bool TryVerifySignature(Manifest? offered, MerkleBatch batch, ReadOnlySpan<byte> signature, out TreeVerifier? verifier)
    {
        verifier = FindVerifier(offered);
        return verifier?.Verify(batch, signature) ?? false;
    }

    /// <summary>Who checks signatures; null when nothing is known of the manifest and the one that is offered is not the key's.</summary>
    internal TreeVerifier? FindVerifier(Manifest? offered)
    {
        if (_state.Verifier is { } known)
            return known;
        Manifest manifest = offered ?? Manifest.ForSigner(new PublicKey(_state.Key.Value));
        return manifest.Matches(_state.Key) ? new TreeVerifier(_state.Key, manifest) : null;
    }

    /// <summary>A core that is empty so far sends its manifest alone.</summary>
    private ProofOutcome TakeManifest(Manifest? offered)
    {
        if (offered is null || _state.Verifier is not null)
            return ProofOutcome.Stale;
        if (!offered.Matches(_state.Key))
            return ProofOutcome.BadSignature;
        Learn(new TreeVerifier(_state.Key, offered));
        Commit(_journal.Accepted, _journal.Accepted, [], null, null);
        return ProofOutcome.Accepted;
    }

    internal void Learn(TreeVerifier? verifier)
    {
        if (_state.Verifier is not null || verifier is null)
            return;
        _state.Learn(verifier.Manifest);
        _journal.Raise(new ManifestLearned());
    }

    private void Commit(MerkleTree old, MerkleTree tree, IReadOnlyList<MerkleNode> nodes, BlockProof? block, BlockWrites? data)
    {
        bool upgraded = !ReferenceEquals(old, tree);
        List<CoreEffect> reports = new((upgraded ? 1 : 0) + (block is null ? 0 : 1));
        if (upgraded)
            reports.Add(new Appended(old.Length, tree));
        if (block is not null)
        {
            reports.Add(new BlocksAvailable(block.Index, 1));
            _journal.Blocks.Add(block.Index, block.Value, _journal.NextId);
        }

        OplogEntry entry = new(
            TreeNodes: nodes,
            Upgrade: upgraded ? new TreeUpgrade(tree.Fork, old.Length, tree.Length, tree.Signature) : null,
            Bitfield: block is null ? null : new BitfieldChange(false, block.Index, 1));
        _journal.Commit(new CoreChange(entry, reports) { Data = data, Tree = tree, Flush = false });
        if (block is not null)
            _reader.AnswerWaiting(block.Index, 1);
    }
}
