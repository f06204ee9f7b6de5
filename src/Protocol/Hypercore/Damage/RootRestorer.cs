using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>
/// Gives a core its lost roots back, computed or out of a peer's proof. They are believed only when the signature that was stored with
/// them is theirs, so that nothing but the state that was lost can take its place; then everything below them is looked at.
/// </summary>
internal sealed class RootRestorer(ICoreFiles files, CoreState state, CoreJournal journal, CoreReader reader, ProofReceiver receiver)
{
    /// <summary>Takes the roots of our length out of a proof of that length or a greater one.</summary>
    internal ProofOutcome Accept(MerkleProof proof, LostRoots lost, CoreOrder order)
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
        journal.Raise(new RootsRestored(Restore(tree, lost, order, mended: 0)));
        return ProofOutcome.Accepted;
    }

    /// <summary>Computes the roots when the files allow it; else the report says that they are lost.</summary>
    internal RepairReport Repair(LostRoots lost, CoreOrder order)
    {
        RootMender mender = new(files, state, lost);
        if (mender.Mend() is { } tree)
            return Restore(tree, lost, order, mender.CountMended(tree));
        journal.Raise(new OrderCompleted(order, journal.Accepted));
        return new RepairReport(order, [PlaceOf(lost)], 0, [], []) { LostLength = lost.Length };
    }

    // A proof that begins with a prologue names the roots of that, and ours only together with what follows.
    private static MerkleTree? Reach(UpgradeProof upgrade, LostRoots lost, Prologue? prologue)
    {
        foreach (IReadOnlyList<MerkleNode> additional in (IReadOnlyList<MerkleNode>[])[[], upgrade.AdditionalNodes])
        {
            MerkleBatch batch = MerkleBatch.FromEmpty(MerkleTree.Empty);
            UpgradeProof part = upgrade with { AdditionalNodes = additional };
            if (UpgradeVerifier.TryApply(batch, lost.Fork, part, null, prologue, out _) && batch.Length == lost.Length)
                return lost.With(batch.Roots);
        }

        return null;
    }

    private RepairReport Restore(MerkleTree tree, LostRoots lost, CoreOrder order, int mended)
    {
        state.Lost = null;
        List<CoreEffect> reports = [new Appended(0, tree)];
        reports.AddRange(state.Bitfield.Runs(0, tree.Length).Select(run => new BlocksAvailable(run.Start, run.Count)));
        journal.Commit(new CoreChange(new OplogEntry(TreeNodes: tree.Roots), reports) { Tree = tree, AlwaysCheckpoint = true });
        RepairReport below = new CoreRepairer(files, state, journal).Repair(order);
        reader.AnswerStored();
        return below with { Damage = [PlaceOf(lost), .. below.Damage], Mended = below.Mended + mended };
    }

    private static CoreDamage PlaceOf(LostRoots lost) => new(lost.Damage.File, lost.Damage.Offset, lost.Damage.Reason);
}
