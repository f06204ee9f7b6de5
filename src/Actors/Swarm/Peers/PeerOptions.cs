using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>Who a peer is and how it joins the network.</summary>
public sealed record PeerOptions
{
    /// <summary>Listens for connections and signs announcements; others dial its public key.</summary>
    public required KeyPair KeyPair { get; init; }

    /// <summary>Where the UDP port is bound; port 0 means any.</summary>
    public PeerAddress Bind { get; init; }

    /// <summary>Nodes to join through; empty for the first node of a network.</summary>
    public ImmutableArray<BootstrapNode> Bootstrap { get; init; } = [];

    /// <summary>The address others reach this node at, when it is known; a bootstrap node derives its id from it.</summary>
    public PeerAddress? PublicAddress { get; init; }

    /// <summary>Ephemeral nodes store nothing for others and stand in nobody's routing table.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>Whether the peer must assume that nobody reaches it unasked.</summary>
    public bool IsFirewalled { get; init; }

    /// <summary>Blind relays that may carry connections for which there is no other way.</summary>
    public ImmutableArray<PublicKey> RelayThrough { get; init; } = [];

    /// <summary>RPC methods served; calls to others are refused as unknown.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Folder below which followed cores are kept.</summary>
    public string Storage { get; init; } = "";

    /// <summary>How long joining may take before the peer gives up.</summary>
    public TimeSpan JoinWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a leaving peer tries to take its announcements back.</summary>
    public TimeSpan LeaveWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Calls that may wait for one remote's connection.</summary>
    public int WaitingCallLimit { get; init; } = 256;

    /// <summary>Open connections at most.</summary>
    public int ConnectionLimit { get; init; } = 512;

    /// <summary>Cores open at most, own and followed.</summary>
    public int CoreLimit { get; init; } = 1024;
}
