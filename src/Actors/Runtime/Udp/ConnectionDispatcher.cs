using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>
/// Makes the dispatcher for actors that never wait and mostly hand on what they are told: the next one runs on the same thread afterwards,
/// which spares waking another thread for every step. Whoever has much to do has it done by the pool, on as many threads as there are.
/// </summary>
public sealed class ConnectionDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ProcessDispatcherConfigurator(config, prerequisites, Execute)
{
    /// <summary>Name of the dispatcher in the settings of a real runtime.</summary>
    public const string Id = "hyper.connection-dispatcher";

    private static void Execute(IRunnable run)
    {
        if (!LibC.IsSupported || !NetworkThread.Shared.TryExecute(run))
            PoolBurst.Execute(run);
    }
}
