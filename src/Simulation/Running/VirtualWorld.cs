using System.Diagnostics;
using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>Peers in memory and virtual time.</summary>
internal sealed class VirtualWorld : ISimulatedWorld
{
    private const int BootstrapPort = 30001;
    private const int StepsBetweenChecks = 4096;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly VirtualRuntime _runtime;

    public VirtualWorld(Scenario scenario, VirtualClock clock, IEventRecorder events)
    {
        Links = new LinkShaper(scenario.Seed, scenario.Links);
        _runtime = new VirtualRuntime("simulation", scenario.Seed, Links, clock, events);
    }

    public ActorSystem System => _runtime.Kernel.System;

    public IClock Clock => _runtime.Kernel.Clock;

    public IEventRecorder Events => _runtime.Kernel.Events;

    public LinkShaper Links { get; }

    public PeerAddress BootstrapAddress => PeerAddress.Loopback(BootstrapPort);

    public (long Datagrams, long Bytes) Carried => _runtime.Network.Carried;

    public TimeSpan? VirtualTime => _runtime.Kernel.Clock.Now;

    public PeerRuntime CreatePeer(string name) => _runtime.Peer(name, _runtime.CreateFiles(name));

    public void Run(RunSignal finished, TimeSpan budget, CancellationToken interrupted)
    {
        long started = Stopwatch.GetTimestamp();
        while (!finished.IsSet && !interrupted.IsCancellationRequested && Stopwatch.GetElapsedTime(started) <= budget)
        {
            long nextCheck = _runtime.Kernel.Steps + StepsBetweenChecks;
            if (!_runtime.Kernel.RunUntil(() => finished.IsSet || _runtime.Kernel.Steps >= nextCheck, Longest))
                throw new InvalidOperationException("the simulation came to a standstill before it ended");
        }
    }

    public void Dispose() => _runtime.Dispose();
}
