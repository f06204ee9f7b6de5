using Akka.Configuration;
using Akka.Dispatch;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Makes the one dispatcher of an actor system that runs its actors on threads of the process.</summary>
/// <param name="config">Akka's.</param>
/// <param name="prerequisites">Akka's.</param>
/// <param name="execute">Has a run of an actor done.</param>
public abstract class ProcessDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites, Action<IRunnable> execute)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private ProcessDispatcher? _dispatcher;

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher ??= new ProcessDispatcher(this, execute);

    private sealed class ProcessDispatcher(MessageDispatcherConfigurator configurator, Action<IRunnable> execute) : MessageDispatcher(configurator)
    {
        protected override void ExecuteTask(IRunnable run) => execute(run);

        protected override void Shutdown()
        {
            // The threads belong to the process: other actor systems have actors on them too.
        }
    }
}
