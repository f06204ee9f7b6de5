using Akka.Configuration;
using Akka.Dispatch;

namespace AuctionActors.Simulation.Kernel;

/// <summary>Makes dispatchers that hand ready mailboxes to the kernel of their own actor system.</summary>
public sealed class PumpDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private PumpDispatcher? _dispatcher;

    public override MessageDispatcher Dispatcher()
        => _dispatcher ??= new PumpDispatcher(this, ((VirtualScheduler)Prerequisites.Scheduler).Pump);
}

/// <summary>Runs nothing by itself: the kernel's pump does.</summary>
internal sealed class PumpDispatcher(MessageDispatcherConfigurator configurator, Pump pump) : MessageDispatcher(configurator)
{
    protected override void ExecuteTask(IRunnable run) => pump.Add(run);

    protected override void Shutdown()
    {
        // Owns no thread; the pump belongs to the kernel.
    }
}
