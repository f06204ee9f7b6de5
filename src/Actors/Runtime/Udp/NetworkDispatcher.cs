using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Makes the dispatcher whose actors run on the thread that reads the sockets.</summary>
public sealed class NetworkDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private NetworkDispatcher? _dispatcher;

    /// <summary>Name of the dispatcher in the settings of a real runtime.</summary>
    public const string Id = "hyper.network-dispatcher";

    /// <summary>Whether this machine has such a thread.</summary>
    public static bool IsSupported => LibC.IsSupported;

    public override MessageDispatcher Dispatcher() => _dispatcher ??= new NetworkDispatcher(this);
}

/// <summary>For actors that handle datagrams and never wait.</summary>
internal sealed class NetworkDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    protected override void ExecuteTask(IRunnable run) => NetworkThread.Shared.Execute(run);

    protected override void Shutdown()
    {
        // The thread belongs to the process: other actor systems have sockets too.
    }
}
