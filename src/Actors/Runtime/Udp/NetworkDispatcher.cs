using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Makes the dispatcher for actors that handle datagrams and never wait: they run on the thread that reads the sockets.</summary>
public sealed class NetworkDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ProcessDispatcherConfigurator(config, prerequisites, run => NetworkThread.Shared.Execute(run))
{
    /// <summary>Name of the dispatcher in the settings of a real runtime.</summary>
    public const string Id = "hyper.network-dispatcher";

    /// <summary>Whether this machine has such a thread.</summary>
    public static bool IsSupported => LibC.IsSupported;
}
