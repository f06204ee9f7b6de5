using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Writes down what a survey found: blocks that are no longer stored, and nodes that were mended or given up.</summary>
internal sealed class CoreRepairer(ICoreFiles files, CoreState state, CoreJournal journal)
{
    internal RepairReport Repair(CoreOrder order)
    {
        DamageSurvey survey = new(files, state, journal);
        survey.Run();
        List<long> lost = survey.LostBlocks;
        lost.Sort();
        List<(OplogEntry Entry, BlocksDropped? Report)> changes = [];
        for (int start = 0; start < lost.Count;)
        {
            int end = start + 1;
            while (end < lost.Count && lost[end] == lost[end - 1] + 1)
                end++;
            changes.Add((new OplogEntry(Bitfield: new BitfieldChange(true, lost[start], end - start)), new BlocksDropped(lost[start], end - start)));
            start = end;
        }

        if (survey.Nodes.Count > 0)
            changes.Add((new OplogEntry(TreeNodes: survey.Nodes), null));
        Commit(changes, order);
        return new RepairReport(order, survey.Damage, survey.Mended, lost, survey.Wanted);
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
