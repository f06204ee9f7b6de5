using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Running;

/// <summary>Puts the faults of a scenario in force and ends them, each as an event.</summary>
internal sealed class FaultSwitch(LinkShaper links, RunLog log)
{
    private readonly List<string> _injected = [];

    /// <summary>Faults that were in force at some time.</summary>
    public IReadOnlyList<string> Injected => _injected;

    public void Start(FaultPlan fault)
    {
        links.Add(fault.Effect);
        _injected.Add(fault.Id);
        log.Fault(EventKind.FaultStart, fault);
    }

    public void Stop(FaultPlan fault)
    {
        links.Remove(fault.Effect);
        log.Fault(EventKind.FaultStop, fault);
    }
}
