using System.Collections.Immutable;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>An RPC peer on the DHT: who it is and what it serves.</summary>
public sealed record HyperswarmRpcOptions
{
    /// <summary>Dials with this key, which servers see.</summary>
    public required KeyPair KeyPair { get; init; }

    /// <summary>Servers from the start; none to call only.</summary>
    public ImmutableArray<HyperswarmRpcServer> Servers { get; init; } = [];

    /// <summary>How calls share connections.</summary>
    public RpcClientsOptions Clients { get; init; } = new();

    /// <summary>Clients with a connection of their own; more are refused.</summary>
    public int MaxSeparateClients { get; init; } = 1_024;

    /// <summary>How it takes part in the DHT.</summary>
    public HyperDhtOptions Dht { get; init; } = new();
}
