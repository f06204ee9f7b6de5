using System.Collections.Immutable;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Whom a client with a connection of its own calls, and how it gets there.</summary>
public sealed record RpcClientOptions
{
    /// <summary>The key to dial.</summary>
    public required PublicKey Server { get; init; }

    /// <summary>Whom the server sees; the peer's own key when null.</summary>
    public KeyPair? KeyPair { get; init; }

    /// <summary>What the server asks for; null when nothing.</summary>
    public RpcCapability? Capability { get; init; }

    /// <summary>Methods that the server may call.</summary>
    public ImmutableArray<ServedMethod> Methods { get; init; } = [];

    /// <summary>Nodes that know the server, when they are known.</summary>
    public ImmutableArray<PeerAddress> Relays { get; init; } = [];

    /// <summary>Blind relays that may carry the stream; those of the node when nothing is said.</summary>
    public ImmutableArray<PublicKey>? RelayThrough { get; init; }

    /// <summary>Another interval than that of the node, zero for none.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>What the connection is told before its first packet: whoever listens for further channels must do so by then.</summary>
    public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];

    /// <summary>Orders that may wait for the connection; further calls fail.</summary>
    public int MaxWaiting { get; init; } = 4_096;

    /// <summary>Limits of the channel.</summary>
    public RpcOptions Limits { get; init; } = new();
}
