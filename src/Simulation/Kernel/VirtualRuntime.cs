using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Network.Nat;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Kernel;

/// <summary>The seams of virtual peers: one kernel, one network, one seed.</summary>
public sealed class VirtualRuntime : IDisposable
{
    private readonly ulong _seed;
    private readonly VirtualRuntimeOptions _options;
    private readonly SeededEntropy _flushes;

    public VirtualRuntime(string name, ulong seed, LinkShaper shaper, VirtualClock clock, IEventRecorder? events = null,
        VirtualRuntimeOptions? options = null)
    {
        _seed = seed;
        _options = options ?? VirtualRuntimeOptions.Default;
        _flushes = new SeededEntropy(seed, "disk");
        Kernel = new VirtualKernel(name, clock, events);
        Network = new VirtualNetwork(Kernel, shaper, _options.BaseLatency);
    }

    public VirtualKernel Kernel { get; }

    public VirtualNetwork Network { get; }

    /// <summary>The seams of one peer, its randomness drawn from the seed and its name.</summary>
    /// <param name="name">Of the peer.</param>
    /// <param name="files">Its folders.</param>
    /// <param name="home">The private network that it is in; absent for a peer at a public address.</param>
    public PeerRuntime Peer(string name, IFileStore files, VirtualHome? home = null)
        => new(name, Kernel.Clock, new SeededEntropy(_seed, "peer/" + name), Network.PortsOf(name, home), files,
            new PeerEventRecorder(Kernel.Events, name));

    /// <summary>A private network behind a NAT.</summary>
    /// <param name="host">Its public host.</param>
    /// <param name="behaviour">What the NAT does.</param>
    public VirtualHome CreateHome(uint host, NatBehaviour behaviour)
        => Network.CreateHome(host, behaviour, new SeededEntropy(_seed, "nat").Derive(new PeerAddress(host, 0).HostText));

    /// <summary>Files in memory whose flushes take a drawn time, so that a crash can fall before their end.</summary>
    public MemoryFileStore CreateFiles(string peer)
    {
        SeededEntropy entropy = _flushes.Derive(peer);
        return new MemoryFileStore(finish => Kernel.After(
            _options.FlushFrom + (_options.FlushTo - _options.FlushFrom) * entropy.NextDouble(), finish));
    }

    public void Dispose() => Kernel.Dispose();
}

/// <summary>Physical constants of the virtual world.</summary>
public sealed record VirtualRuntimeOptions
{
    /// <summary>One-way delay of a datagram before any shaping.</summary>
    public TimeSpan BaseLatency { get; init; } = TimeSpan.FromMicroseconds(500);

    public TimeSpan FlushFrom { get; init; } = TimeSpan.FromMicroseconds(200);

    public TimeSpan FlushTo { get; init; } = TimeSpan.FromMicroseconds(800);

    public static VirtualRuntimeOptions Default { get; } = new();
}
