using System.Diagnostics;
using AuctionActors.EventLog.Recording;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;

namespace AuctionActors.Simulation.Running;

/// <summary>Runs scenarios on either backend. A virtual run happens on the calling thread.</summary>
public sealed class SimulationRunner(PeerBlueprint blueprint, RunnerOptions options)
{
    public RunReport Run(Scenario scenario, IEventSink events, string? folder, CancellationToken interrupted)
    {
        long started = Stopwatch.GetTimestamp();
        long memoryBefore = Environment.WorkingSet;
        var clock = new VirtualClock();
        IClock time = scenario.Net == Backend.Virtual ? clock : SystemClock.Instance;
        var log = new EventRecorder(time, events.Append);
        var recorder = new AnnouncementWatch(log, scenario.Peers.Count());
        using DiskFileStore? disk = scenario.Storage == StorageKind.Disk ? new DiskFileStore() : null;
        using ISimulatedWorld world = scenario.Net == Backend.Virtual
            ? new VirtualWorld(scenario, clock, recorder)
            : new UdpWorld(scenario, recorder, disk);
        using var finished = new RunSignal();
        string storage = disk is null || folder is null ? "" : Path.Combine(folder, "peers");
        var launch = new SimulationLaunch(scenario, world, blueprint, finished, storage, recorder.Check, options.Progress);
        world.System.ActorOf(SimulationActor.Props(launch), ActorNames.Peers);
        world.Run(finished, options.Budget, interrupted);
        RunOutcome outcome = finished.Outcome ?? CutShort(scenario, interrupted);
        log.Close();
        return new RunReport(scenario, outcome, (log.Count, events.Seal(log.Count)), world.Carried, Stopwatch.GetElapsedTime(started),
            world.VirtualTime, new MemoryUse(memoryBefore, PeakMemory()), folder);
    }

    private RunOutcome CutShort(Scenario scenario, CancellationToken interrupted)
    {
        (RunVerdict verdict, string reason) = interrupted.IsCancellationRequested
            ? (RunVerdict.Interrupted, "interrupted")
            : (RunVerdict.Broken, $"the budget of {options.Budget.TotalSeconds:0} s is used up");
        return new RunOutcome(verdict, reason, RunView.Empty,
            [.. scenario.Properties.Select(plan => new PropertyOutcome(
                plan.Name, plan.Kind.ToString().ToLowerInvariant(), PropertyOutcome.Inconclusive, reason))],
            new BidTally(), [], []);
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
    }
}

/// <summary>Limits of a run.</summary>
public sealed record RunnerOptions
{
    /// <summary>Real time a run may take.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Told each phase as it begins.</summary>
    public Action<string>? Progress { get; init; }
}

/// <summary>Where the batches of a run's event log go.</summary>
public interface IEventSink
{
    void Append(byte[] batch);

    /// <summary>Ends the log, which has so many events, and gives its digest.</summary>
    string Seal(ulong events);
}
