using Akka.Actor;
using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>Peers on real sockets of 127.0.0.1, with links shaped in user space.</summary>
internal sealed class UdpWorld : ISimulatedWorld
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly RealRuntime _runtime;
    private readonly ShapedNetwork _network;
    private readonly ulong _seed;
    private readonly IFileStore? _disk;

    public UdpWorld(Scenario scenario, IEventRecorder events, IFileStore? disk)
    {
        var sockets = new UdpPorts();
        _seed = scenario.Seed;
        _disk = disk;
        Links = new LinkShaper(scenario.Seed, scenario.Links);
        _runtime = new RealRuntime("simulation", events, sockets);
        _network = new ShapedNetwork(sockets, Links, () => _runtime.System.Scheduler, events);
        BootstrapAddress = FreeAddress(sockets);
    }

    public ActorSystem System => _runtime.System;

    public IClock Clock => SystemClock.Instance;

    public IEventRecorder Events => _runtime.Events;

    public LinkShaper Links { get; }

    public PeerAddress BootstrapAddress { get; }

    public (long Datagrams, long Bytes) Carried => _network.Carried;

    public TimeSpan? VirtualTime => null;

    public PeerRuntime CreatePeer(string name)
        => _runtime.Peer(name, _disk ?? new MemoryFileStore(), new SeededEntropy(_seed, "peer/" + name)) with
        {
            Ports = _network.PortsOf(name),
        };

    public void Run(RunSignal finished, TimeSpan budget, CancellationToken interrupted)
    {
        using CancellationTokenRegistration wake = interrupted.Register(finished.Interrupt);
        finished.Wait(budget);
    }

    public void Dispose()
    {
        _runtime.StopAsync().Wait(StopTimeout);
        _runtime.Dispose();
    }

    private static PeerAddress FreeAddress(UdpPorts sockets)
    {
        using IDatagramPort port = sockets.Bind(PeerAddress.Loopback(0), new Deaf());
        return port.LocalAddress;
    }

    private sealed class Deaf : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch) => batch.Dispose();
    }
}
