using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Writes down what a survey finds: blocks that are no longer stored, and nodes that were mended or given up.</summary>
internal sealed class CoreRepairer(CoreState state, CoreJournal journal, CoreReader reader, RootRestorer roots)
{
    internal void Continue(CoreRepair repair, CoreOrder order)
    {
        if (state.Lost is { } lost)
            roots.Repair(lost, repair, order);
        else if (repair.IsDone)
            journal.Raise(new OrderCompleted(order, journal.Accepted));
        else
            Commit([.. GapsOf(repair), .. ChangesOf(repair.Step())], order);
        if (state.Lost is null)
            reader.AnswerStored(repair.Looked);
    }

    /// <summary>Blocks that are counted without being there, with which a repair begins: JavaScript leaves such counts when it clears blocks.</summary>
    private IEnumerable<(OplogEntry Entry, BlocksDropped? Report)> GapsOf(CoreRepair repair)
    {
        foreach ((long start, long count) in repair.HasBegun ? [] : state.UncountedGaps().ToArray())
            yield return DropOf(start, count);
    }

    private static (OplogEntry Entry, BlocksDropped? Report) DropOf(long start, long count)
        => (new OplogEntry(Bitfield: new BitfieldChange(true, start, count)), new BlocksDropped(start, count));

    private static List<(OplogEntry Entry, BlocksDropped? Report)> ChangesOf(SurveyStep found)
    {
        List<long> lost = found.LostBlocks;
        List<(OplogEntry Entry, BlocksDropped? Report)> changes = [];
        for (int start = 0; start < lost.Count;)
        {
            int end = start + 1;
            while (end < lost.Count && lost[end] == lost[end - 1] + 1)
                end++;
            changes.Add(DropOf(lost[start], end - start));
            start = end;
        }

        if (found.Nodes.Count > 0)
            changes.Add((new OplogEntry(TreeNodes: found.Nodes), null));
        return changes;
    }

    private void Commit(List<(OplogEntry Entry, BlocksDropped? Report)> changes, CoreOrder order)
    {
        OrderCompleted done = new(order, journal.Accepted);
        for (int i = 0; i < changes.Count; i++)
        {
            List<CoreEffect> reports = changes[i].Report is { } dropped ? [dropped] : [];
            if (i == changes.Count - 1)
                reports.Add(done);
            journal.Commit(new CoreChange(changes[i].Entry, reports));
        }

        if (changes.Count == 0)
            journal.Raise(done);
    }
}
