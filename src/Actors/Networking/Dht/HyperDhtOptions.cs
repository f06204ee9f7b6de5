using System.Collections.Immutable;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Actors.Networking.Relaying;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.HyperDht.Announcing;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Actors.Networking.Dht;

/// <summary>How one peer takes part in the DHT.</summary>
public sealed record HyperDhtOptions
{
    public DhtNodeActorOptions Node { get; init; } = new();

    /// <summary>The node's options with upstream's filter, unless they have one of their own.</summary>
    internal DhtNodeActorOptions FilteredNode
        => Node.Node.AdmitsNode is null ? Node with { Node = Node.Node with { AdmitsNode = StrayNodes.Admit } } : Node;

    public RecordOptions Records { get; init; } = RecordOptions.Default;

    public ConnectOptions Connect { get; init; } = ConnectOptions.Default;

    public ServerHandshakeOptions Handshakes { get; init; } = ServerHandshakeOptions.Default;

    public AnnouncerOptions Announcer { get; init; } = AnnouncerOptions.Default;

    public ConnectionOptions Connections { get; init; } = ConnectionOptions.Default;

    /// <summary>Blind relays that may carry streams of ours, dialled or accepted, where no other way is known.</summary>
    public ImmutableArray<PublicKey> RelayThrough { get; init; } = [];

    public RelayedStreamOptions RelayedStreams { get; init; } = RelayedStreamOptions.Default;

    public RawStreamOptions RawStreams { get; init; } = RawStreamOptions.Default;

    /// <summary>Connections at once, counting those that are still being made; more are refused.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Servers whose relays, and peers whose ways, are remembered for the next connection.</summary>
    public int MaxCachedServers { get; init; } = 512;
}
