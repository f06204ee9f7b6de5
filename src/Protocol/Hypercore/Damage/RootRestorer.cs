using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>
/// Gives a core its lost roots back, computed or out of a peer's proof. They are believed only when the signature that was stored with
/// them is theirs, so that nothing but the state that was lost can take its place; then the repair looks at everything below them.
/// </summary>
internal sealed class RootRestorer(ICoreFiles files, CoreState state, CoreJournal journal, HypercoreOptions options, ProofReceiver receiver)
{
    /// <summary>Takes the roots of our length out of a proof of that length or a greater one.</summary>
    internal ProofOutcome Accept(MerkleProof proof, LostRoots lost)
    {
        if (proof.Fork != lost.Fork || proof.Upgrade is not { Start: 0 } upgrade)
            return ProofOutcome.Stale;
        if (receiver.FindVerifier(proof.Manifest) is not { } verifier)
            return ProofOutcome.BadSignature;
        if (Reach(upgrade, lost, verifier.Prologue) is not { } tree)
            return ProofOutcome.Malformed;
        if (!lost.Fits(tree, verifier))
            return ProofOutcome.BadSignature;
        receiver.Learn(verifier);
        CoreRepair repair = new(new DamageSurvey(files, state, journal));
        repair.NoteRoots(PlaceOf(lost), mended: 0);
        Restore(tree, []);
        journal.Raise(new RootsRestored(repair));
        return ProofOutcome.Accepted;
    }

    /// <summary>Computes the roots in a few steps when the files allow it; else the repair ends with the report that they are lost.</summary>
    internal void Repair(LostRoots lost, CoreRepair repair, CoreOrder order)
    {
        RootMender mender = repair.Mender ??= new RootMender(files, state, lost, options);
        if (!mender.Continue(out MerkleTree? mended))
        {
            journal.Raise(new OrderCompleted(order, journal.Accepted));
            return;
        }

        if (mended is { } tree)
        {
            repair.NoteRoots(PlaceOf(lost), mender.CountMended(tree));
            Restore(tree, [new OrderCompleted(order, tree)]);
            return;
        }

        repair.NoteLost(PlaceOf(lost), lost.Length);
        journal.Raise(new OrderCompleted(order, journal.Accepted));
    }

    // A proof that begins with a prologue names the roots of that, and ours only together with what follows.
    private static MerkleTree? Reach(UpgradeProof upgrade, LostRoots lost, Prologue? prologue)
    {
        foreach (IReadOnlyList<MerkleNode> additional in (IReadOnlyList<MerkleNode>[])[[], upgrade.AdditionalNodes])
        {
            MerkleBatch batch = MerkleBatch.FromEmpty(MerkleTree.Empty);
            UpgradeProof part = upgrade with { AdditionalNodes = additional };
            if (UpgradeVerifier.TryApply(batch, lost.Fork, part, null, prologue, new HashSet<long>(), out _) && batch.Length == lost.Length)
                return lost.With(batch.Roots);
        }

        return null;
    }

    private void Restore(MerkleTree tree, IEnumerable<CoreEffect> done)
    {
        state.Lost = null;
        List<CoreEffect> reports = [new Appended(0, tree)];
        reports.AddRange(state.Bitfield.Runs(0, tree.Length).Select(run => new BlocksAvailable(run.Start, run.Count)));
        reports.AddRange(done);
        journal.Commit(new CoreChange(new OplogEntry(TreeNodes: tree.Roots), reports) { Tree = tree, AlwaysCheckpoint = true });
    }

    private static CoreDamage PlaceOf(LostRoots lost) => new(lost.Damage.File, lost.Damage.Offset, lost.Damage.Reason);
}
