using Akka.Configuration;
using Akka.Dispatch;

namespace Hyper.Actors.Runtime.Workers;

/// <summary>Makes the dispatcher of real actor systems.</summary>
public sealed class WorkerDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private WorkerDispatcher? _dispatcher;

    public override MessageDispatcher Dispatcher() => _dispatcher ??= new WorkerDispatcher(this);
}

/// <summary>Hands ready mailboxes to the worker threads of the process.</summary>
internal sealed class WorkerDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    protected override void ExecuteTask(IRunnable run) => WorkerPool.Shared.Add(run);

    protected override void Shutdown()
    {
        // The workers belong to the process, not to one actor system.
    }
}
