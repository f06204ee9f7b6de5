using System.Collections.Immutable;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Where a DHT node is bound and how it behaves.</summary>
public sealed record DhtNodeActorOptions
{
    /// <summary>Ports tried after the wanted one before any free port is taken.</summary>
    private const int NextPorts = 4;

    public DhtNodeOptions Node { get; init; } = new();

    public RoutingOptions Routing { get; init; } = RoutingOptions.Default;

    /// <summary>The server socket's host and port; port 0 means any.</summary>
    public PeerAddress Bind { get; init; }

    /// <summary>Fail when the port is taken, as a node must that others find at a fixed address.</summary>
    public bool IsPortFixed { get; init; }

    /// <summary>Queries that may run at once; more are refused.</summary>
    public int MaxQueries { get; init; } = 1024;

    /// <summary>Sockets that holepunches may have open at once, those that connections go on with included.</summary>
    public int MaxPunchSockets { get; init; } = 2048;

    /// <summary>A node that others bootstrap from, reached at the given address.</summary>
    public static DhtNodeActorOptions Bootstrapper(PeerAddress address, uint bindHost = 0)
        => new() { Node = DhtNodeOptions.Bootstrapper(address), Bind = address with { Host = bindHost }, IsPortFixed = true };

    /// <param name="last">Where the socket was bound before a rest.</param>
    internal DatagramOptions Server(PeerAddress? last)
    {
        IEnumerable<PeerAddress> wanted = IsPortFixed || Bind.Port == 0
            ? [Bind]
            : [.. Enumerable.Range(Bind.Port, 1 + NextPorts).Where(port => port <= ushort.MaxValue).Select(At), Bind with { Port = 0 }];
        return new DatagramOptions { Candidates = last is { } before && !IsPortFixed ? [before, .. wanted] : [.. wanted] };
    }

    /// <inheritdoc cref="Server"/>
    internal DatagramOptions Client(PeerAddress? last)
        => last is { } before
            ? new DatagramOptions { Candidates = [before, Bind with { Port = 0 }] }
            : DatagramOptions.AnyPort(Bind.Host);

    private PeerAddress At(int port) => Bind with { Port = (ushort)port };
}
