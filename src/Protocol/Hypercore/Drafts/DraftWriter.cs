using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore.Drafts;

/// <summary>Makes the blocks of drafts part of their core: signed, or stored until they are signed.</summary>
internal sealed class DraftWriter(CoreState state, CoreJournal journal, CoreReader reader, CoreWriter writer)
{
    /// <summary>Blocks up to here are stored and wait for signatures: only a draft that begins behind them may write. Else 0.</summary>
    internal long PendingEnd { get; private set; } = state.Bitfield.Get(state.Length) ? state.Bitfield.FindFirst(false, state.Length) : 0;

    internal bool HasPending => PendingEnd > 0;

    /// <summary>A draft after the last block, after the last one that waits for signatures, or after a number of blocks.</summary>
    internal CoreDraft? Begin(DraftStart start, long? checkout)
    {
        MerkleTree tree = journal.Accepted;
        long length = checkout ?? (start == DraftStart.Restored ? Math.Max(PendingEnd, tree.Length) : tree.Length);
        if (length < 0 || length > Math.Max(PendingEnd, tree.Length))
            return null;
        if (length == tree.Length)
            return new CoreDraft(reader, tree);

        // What the draft adds is written behind these roots and signed together with them.
        WayDown way = new(tree, state.Nodes, reader.IsOfStoredBlock);
        bool isSound = MerkleTree.TryLoad(state.Nodes, tree.Fork, length, default, out MerkleTree other, out _) && way.LeadsTo(other);
        return isSound ? new CoreDraft(reader, other) : null;
    }

    /// <summary>Signs the draft up to a length and stores what the core does not have.</summary>
    internal CoreOrder Flush(CoreOrder order, CoreDraft draft, long length, ReadOnlyMemory<byte>? given)
    {
        MerkleTree old = journal.Accepted;
        if (FindObstacle(draft, ref length) is { } obstacle)
            return Fail(order, obstacle);
        MerkleBatch batch = draft.Grow(length);
        if (batch.Length <= old.Length)
            return Fill(order, draft, batch);
        if (writer.FindSignature(batch, given, out ReadOnlyMemory<byte> signature) is { } refusal)
            return Fail(order, refusal);
        MerkleTree tree = batch.ToTree(signature);
        long start = Math.Min(draft.Base.Length, old.Length);
        OplogEntry entry = new(
            TreeNodes: batch.Nodes,
            Upgrade: new TreeUpgrade(tree.Fork, old.Length, tree.Length, signature),
            Bitfield: new BitfieldChange(false, draft.Base.Length, tree.Length - draft.Base.Length));
        CoreEffect[] reports =
            [new OrderCompleted(order, tree), new Appended(old.Length, tree), new BlocksAvailable(start, tree.Length - start)];
        Commit(draft, batch, new CoreChange(entry, reports) { Tree = tree });
        PendingEnd = tree.Length >= PendingEnd ? 0 : PendingEnd;
        reader.AnswerWaiting(start, tree.Length - start);
        draft.Advance(tree);
        return order;
    }

    /// <summary>The core has the same tree already, from others perhaps: what it lacks of the draft's blocks is stored.</summary>
    private CoreOrder Fill(CoreOrder order, CoreDraft draft, MerkleBatch batch)
    {
        (long start, long count) = (draft.Base.Length, batch.Length - draft.Base.Length);
        if (state.Bitfield.FindFirst(false, start) >= batch.Length)
            return Complete(order, draft, batch);
        OplogEntry entry = new(TreeNodes: batch.Nodes, Bitfield: new BitfieldChange(false, start, count));
        Commit(draft, batch, new CoreChange(entry, [new OrderCompleted(order, journal.Accepted), new BlocksAvailable(start, count)]));
        reader.AnswerWaiting(start, count);
        draft.Advance(journal.Accepted);
        return order;
    }

    /// <summary>Stores the draft's blocks without telling anybody: a restored draft finds and signs them later.</summary>
    internal CoreOrder Keep(CoreOrder order, CoreDraft draft, long length)
    {
        MerkleTree old = journal.Accepted;
        if (FindObstacle(draft, ref length) is { } obstacle)
            return Fail(order, obstacle);
        MerkleBatch batch = draft.Grow(length);
        if (batch.Length == draft.Base.Length)
            return Complete(order, draft, batch);
        OplogEntry entry = new(TreeNodes: batch.Nodes, Bitfield: new BitfieldChange(false, draft.Base.Length, batch.Length - draft.Base.Length));
        Commit(draft, batch, new CoreChange(entry, [new OrderCompleted(order, old)]) { DataFirst = true });
        PendingEnd = batch.Length;
        draft.Advance(batch.ToTree(default));
        return order;
    }

    /// <summary>Forgets blocks that wait for signatures.</summary>
    internal CoreOrder Drop(CoreOrder order)
    {
        MerkleTree tree = journal.Accepted;
        if (!HasPending)
        {
            journal.Raise(new OrderCompleted(order, tree));
            return order;
        }

        OplogEntry entry = new(
            TreeNodes: [],
            Upgrade: new TreeUpgrade(tree.Fork, tree.Length, tree.Length, tree.Signature),
            Bitfield: new BitfieldChange(true, tree.Length, PendingEnd - tree.Length));
        journal.Commit(new CoreChange(entry, [new OrderCompleted(order, tree)]));
        PendingEnd = 0;
        return order;
    }

    // The same history must be under the draft, and nothing in its place.
    private string? FindObstacle(CoreDraft draft, ref long length)
    {
        MerkleTree old = journal.Accepted;
        length = Math.Min(length, draft.Length);
        if (draft.IsStale)
            return "the core was cut since the draft began";
        if (length < draft.Base.Length)
            return "these blocks are not the draft's own: begin one behind them";
        if (draft.Base.Length < PendingEnd && length > draft.Base.Length)
            return "blocks that wait for signatures are stored already: restore their draft or drop them";
        if (old.Length <= draft.Base.Length)
            return null;
        if (length < old.Length)
            return "the core has grown beyond the draft";
        MerkleBatch shared = draft.Grow(old.Length);
        return shared.TreeHash == old.Hash ? null : "the core has other blocks in their place";
    }

    private void Commit(CoreDraft draft, MerkleBatch batch, CoreChange change)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> blocks = draft.StoredUpTo(batch.Length);
        journal.Blocks.Add(draft.Base.Length, blocks, journal.NextId);
        journal.Commit(blocks.Count == 0 ? change
            : change with { Data = BlockWrites.Of(draft.Base.ByteLength, blocks) });
    }

    private CoreOrder Complete(CoreOrder order, CoreDraft draft, MerkleBatch batch)
    {
        journal.Raise(new OrderCompleted(order, journal.Accepted));
        draft.Advance(batch.ToTree(batch.Length == journal.Accepted.Length ? journal.Accepted.Signature : default));
        return order;
    }

    private CoreOrder Fail(CoreOrder order, string reason)
    {
        journal.Raise(new OrderFailed(order, CoreFailure.NotWritable, reason));
        return order;
    }
}

/// <summary>Where a draft begins.</summary>
public enum DraftStart
{
    /// <summary>Behind the core's last block.</summary>
    Present,

    /// <summary>Behind the last block that is stored and waits for signatures.</summary>
    Restored,
}
