using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>What a core's actor says, in the words of the replication machine.</summary>
internal static class CoreFacts
{
    public static LocalCore StateOf(CoreInfo core) => new(core.Fork, core.Length, core.Manifest is not null, core.Compat)
    {
        LostLength = core.LostLength,
    };

    public static BlockSet BlocksOf(CoreProtocol.Subscribed subscribed)
    {
        BlockSet blocks = new();
        foreach (BlockRun run in subscribed.Stored)
            blocks.Add(run.Start, run.Count);
        return blocks;
    }

    /// <summary>What somebody waits for already.</summary>
    public static void Want(CoreProtocol.Subscribed subscribed, ReplicationMachine machine, TimeSpan now)
    {
        foreach (long block in subscribed.Needed)
            machine.WantBlock(block, now);
        foreach (NodeSearch search in subscribed.Searches)
            machine.WantNodes(search, now);
    }

    public static void Apply(CoreProtocol.IEvent fact, ReplicationMachine machine, TimeSpan now)
    {
        switch (fact)
        {
            case CoreProtocol.ProvenAll proven:
                foreach (CoreProtocol.Proven one in proven.Answers)
                    machine.HandleProof(one.Request, one.Proof, now);
                break;
            case CoreProtocol.VerifiedAll verified:
                foreach (CoreProtocol.Verified one in verified.Answers)
                    machine.HandleVerified(one.Request, CoreEndpoint.Translate(one.Outcome), now, one.Wanted);
                break;
            case CoreProtocol.RootsFound roots:
                machine.HandleRoots(roots.Length, roots.AreStored);
                break;
            case CoreProtocol.ConflictChecked check:
                machine.HandleConflictChecked(check.Verdict == ConflictVerdict.Proven, now);
                break;
            case CoreProtocol.Conflicted:
                machine.HandleConflictChecked(true, now);
                break;
            case CoreProtocol.BlocksChanged changed:
                machine.HandleBlocks(changed.Start, changed.Count, changed.Dropped, now);
                break;
            case CoreProtocol.BlockNeeded needed:
                machine.WantBlock(needed.Index, now);
                break;
            case CoreProtocol.BlockUnneeded unneeded:
                machine.UnwantBlock(unneeded.Index);
                break;
            case CoreProtocol.NodesNeeded needed:
                machine.WantNodes(needed.Search, now);
                break;
            case CoreProtocol.NodesUnneeded unneeded:
                machine.UnwantNodes(unneeded.Search);
                break;
            case CoreProtocol.ExtensionSent sent:
                machine.SendExtension(sent.Name, sent.Payload);
                break;
            case CoreProtocol.Grown grown:
                machine.HandleCore(StateOf(grown.Core), now);
                break;
            case CoreProtocol.ManifestKnown known:
                machine.HandleCore(StateOf(known.Core), now);
                break;
            case CoreProtocol.Cut cut:
                machine.HandleBlocks(cut.Ancestors, cut.OldLength - cut.Ancestors, dropped: true, now);
                machine.HandleCore(StateOf(cut.Core), now);
                break;
        }
    }
}
