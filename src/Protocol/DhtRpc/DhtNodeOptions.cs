using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.DhtRpc;

/// <summary>When a node becomes part of other nodes' routing tables.</summary>
public enum DhtPersistence
{
    /// <summary>After 20 stable minutes at an open address.</summary>
    Adaptive,

    /// <summary>As soon as its address is known and open.</summary>
    Persistent,

    /// <summary>Never.</summary>
    Ephemeral,
}

/// <summary>Settings and limits of a node; the defaults are upstream's.</summary>
public sealed record DhtNodeOptions
{
    /// <summary>Port that a node listens on when nothing else is said.</summary>
    public const ushort DefaultPort = 49737;

    /// <summary>The nodes that everybody joins the public network through, as upstream names them.</summary>
    public static ImmutableArray<BootstrapNode> PublicBootstrapNodes { get; } =
    [
        Public("88.99.3.86@node1.hyperdht.org"),
        Public("142.93.90.113@node2.hyperdht.org"),
        Public("138.68.147.8@node3.hyperdht.org"),
    ];

    /// <summary>Nodes to join through; none for the first node of a network.</summary>
    public ImmutableArray<BootstrapNode> BootstrapNodes { get; init; } = [];

    /// <summary>Nodes that are in the routing table from the start, the ones to be asked first in front.</summary>
    public ImmutableArray<PeerAddress> Nodes { get; init; } = [];

    /// <summary>Who may enter the routing table and be visited by walks; everybody when absent. Must be a pure function.</summary>
    public Func<PeerAddress, bool>? AdmitsNode { get; init; }

    public DhtPersistence Persistence { get; init; } = DhtPersistence.Adaptive;

    /// <summary>Assumed until shown otherwise; a firewalled node asks from its client socket.</summary>
    public bool IsFirewalled { get; init; } = true;

    /// <summary>The public address if it is known beforehand.</summary>
    public PeerAddress? KnownAddress { get; init; }

    /// <summary>Look during the first walk whether the server port is open.</summary>
    public bool HasQuickFirewallCheck { get; init; } = true;

    public RequestBookOptions Requests { get; init; } = RequestBookOptions.Default;

    /// <summary>The longest DELAYED_PING that is served.</summary>
    public TimeSpan MaxPingDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Delayed replies that may wait at once; more are dropped and counted.</summary>
    public int MaxDelayedReplies { get; init; } = 1024;

    /// <summary>Nodes whose view of our address is remembered, so that each counts once; with more, all are asked anew.</summary>
    public int MaxSampledNodes { get; init; } = 1024;

    public int DownHintsPerTick { get; init; } = 50;

    /// <summary>An open, persistent node that others bootstrap from; needs no other node.</summary>
    public static DhtNodeOptions Bootstrapper(PeerAddress address)
        => new() { Persistence = DhtPersistence.Persistent, IsFirewalled = false, KnownAddress = address };

    private static BootstrapNode Public(string host)
        => BootstrapNode.TryParse($"{host}:{DefaultPort}", out BootstrapNode? node) ? node : throw new InvalidOperationException(host);
}
