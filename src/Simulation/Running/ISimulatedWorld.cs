using Akka.Actor;
using AuctionActors.Simulation.Network;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>One of the two backends of a run.</summary>
internal interface ISimulatedWorld : IDisposable
{
    ActorSystem System { get; }

    IClock Clock { get; }

    IEventRecorder Events { get; }

    LinkShaper Links { get; }

    PeerAddress BootstrapAddress { get; }

    /// <summary>Datagrams and bytes handed to the network so far.</summary>
    (long Datagrams, long Bytes) Carried { get; }

    /// <summary>Virtual time that has passed, or null on a real clock.</summary>
    TimeSpan? VirtualTime { get; }

    /// <summary>The seams of one peer.</summary>
    PeerRuntime CreatePeer(string name);

    /// <summary>Lets the world go on until the signal, an interruption, or the end of the budget of real time.</summary>
    void Run(RunSignal finished, TimeSpan budget, CancellationToken interrupted);
}

/// <summary>Set once by the simulation actor, waited for by the runner.</summary>
internal sealed class RunSignal : IDisposable
{
    private readonly ManualResetEventSlim _set = new();

    public RunOutcome? Outcome { get; private set; }

    public bool IsSet => _set.IsSet;

    public void Set(RunOutcome outcome)
    {
        Outcome = outcome;
        _set.Set();
    }

    /// <summary>Ends the wait without an outcome.</summary>
    public void Interrupt() => _set.Set();

    public bool Wait(TimeSpan limit) => _set.Wait(limit);

    public void Dispose() => _set.Dispose();
}
