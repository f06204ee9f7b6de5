using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Kernel;

/// <summary>
/// An actor system in virtual time, driven by the thread that made it: ready mailboxes first, then the next timer.
/// Several kernels live in one process, each on its own thread or one after the other.
/// </summary>
public sealed class VirtualKernel : IDisposable
{
    private static readonly string Dispatcher = typeof(PumpDispatcherConfigurator).AssemblyQualifiedName!;

    private static readonly Config Settings = RuntimeSettings.Common.WithFallback(ConfigurationFactory.ParseString($$"""
        akka.scheduler.implementation = "{{typeof(VirtualScheduler).AssemblyQualifiedName}}"
        akka.actor.default-dispatcher { type = "{{Dispatcher}}", throughput = 1 }
        akka.actor.internal-dispatcher { type = "{{Dispatcher}}", throughput = 1 }
        """));

    private readonly VirtualScheduler _scheduler;

    public VirtualKernel(string name, VirtualClock clock, IEventRecorder? events = null)
    {
        Clock = clock;
        Events = events ?? NullEventRecorder.Instance;
        CurrentCause.Enter(null, EventId.None);
        System = ActorSystem.Create(name, ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(Settings), new RuntimeSetup(Events)));
        _scheduler = (VirtualScheduler)System.Scheduler;
        _scheduler.Use(clock);
    }

    public ActorSystem System { get; }

    public VirtualClock Clock { get; }

    public IEventRecorder Events { get; }

    /// <summary>Mailbox runs and timers so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs the callback on the kernel's thread after a delay of virtual time.</summary>
    public void After(TimeSpan delay, Action callback) => System.Scheduler.Advanced.ScheduleOnce(delay, callback);

    /// <summary>Runs everything that is due until the given time, and leaves the clock there.</summary>
    public void RunUntil(TimeSpan time)
    {
        while (Step(time))
        {
        }

        if (Clock.Now < time)
            Clock.Now = time;
    }

    /// <summary>Runs until the condition holds; false when the limit was reached or nothing is left to run.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        while (!condition())
        {
            if (!Step(limit))
                return condition();
        }

        return true;
    }

    /// <summary>Stops all actors without moving the clock further than they need.</summary>
    public void Dispose()
    {
        Task stopped = System.Terminate();
        while (!stopped.IsCompleted && !_scheduler.Pump.IsTripped && Step(Clock.Now))
        {
        }
    }

    private bool Step(TimeSpan limit)
    {
        if (_scheduler.Pump.TryTake(out IRunnable run))
        {
            CurrentCause.Enter(null, EventId.None);
            run.Run();
        }
        else if (!_scheduler.RunNext(limit))
        {
            return false;
        }

        Steps++;
        return true;
    }
}
