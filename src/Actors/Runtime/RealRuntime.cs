using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Runtime;

/// <summary>An actor system on the real backend: the machine's clock, sockets and disks.</summary>
public sealed class RealRuntime : IDisposable
{
    private static readonly Config Settings = RuntimeSettings.Common.WithFallback(ConfigurationFactory.ParseString($$"""
        akka.scheduler.implementation = "{{typeof(MonotonicScheduler).AssemblyQualifiedName}}"
        {{ConnectionDispatcherConfigurator.Id}}.type = "{{typeof(ConnectionDispatcherConfigurator).AssemblyQualifiedName}}"
        {{NetworkDispatcherConfigurator.Id}}.type = "{{typeof(NetworkDispatcherConfigurator).AssemblyQualifiedName}}"
        """));

    public RealRuntime(string name, IEventRecorder? events = null, IDatagramPorts? ports = null)
    {
        Events = events ?? NullEventRecorder.Instance;
        Ports = ports ?? new UdpPorts();
        System = ActorSystem.Create(name, ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(Settings), new RuntimeSetup(Events)));
    }

    public ActorSystem System { get; }

    public IEventRecorder Events { get; }

    public IDatagramPorts Ports { get; }

    /// <summary>The seams of one peer. A node on a public network takes the system's entropy; a simulated peer a seeded one.</summary>
    public PeerRuntime Peer(string name, IFileStore files, IEntropy? entropy = null)
        => new(name, SystemClock.Instance, entropy ?? SystemEntropy.Instance, Ports, files, new PeerEventRecorder(Events, name))
        {
            Names = SystemHostNames.Instance,
            ConnectionDispatcher = ConnectionDispatcherConfigurator.Id,
            NetworkDispatcher = NetworkDispatcherConfigurator.IsSupported ? NetworkDispatcherConfigurator.Id : Dispatchers.DefaultDispatcherId,
        };

    /// <summary>Stops every actor, which closes their ports and folders.</summary>
    public Task StopAsync() => System.Terminate();

    public void Dispose() => System.Dispose();
}
