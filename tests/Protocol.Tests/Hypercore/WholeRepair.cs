using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Repairs with nothing between their steps.</summary>
internal static class WholeRepair
{
    internal static RepairReport Repair(this HypercoreMachine core) => core.Finish(core.BeginRepair());

    internal static RepairReport Finish(this HypercoreMachine core, CoreRepair repair)
    {
        while (!repair.IsDone)
            core.Continue(repair);
        return repair.Report;
    }
}
