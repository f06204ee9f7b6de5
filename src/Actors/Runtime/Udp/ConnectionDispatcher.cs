using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Makes the dispatcher whose actors run where their messages come from, as long as that thread has little else to do.</summary>
public sealed class ConnectionDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private ConnectionDispatcher? _dispatcher;

    /// <summary>Name of the dispatcher in the settings of a real runtime.</summary>
    public const string Id = "hyper.connection-dispatcher";

    public override MessageDispatcher Dispatcher() => _dispatcher ??= new ConnectionDispatcher(this);
}

/// <summary>
/// For actors that never wait and mostly hand on what they are told: the next one runs on the same thread afterwards, which spares
/// waking another thread for every step. Whoever has much to do has it done by the pool, on as many threads as there are.
/// </summary>
internal sealed class ConnectionDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    protected override void ExecuteTask(IRunnable run)
    {
        if (!LibC.IsSupported || !NetworkThread.Shared.TryExecute(run))
            PoolBurst.Execute(run);
    }

    protected override void Shutdown()
    {
        // The threads belong to the process.
    }
}
