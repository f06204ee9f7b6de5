using System.Collections.Immutable;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>An RPC peer on the DHT: who it is and what it serves.</summary>
public sealed record HyperswarmRpcOptions
{
    /// <summary>Dials with this key, which servers see.</summary>
    public required KeyPair KeyPair { get; init; }

    /// <summary>Serves under this key; null to call only.</summary>
    public KeyPair? ServerKeyPair { get; init; }

    /// <summary>Methods served from the start.</summary>
    public ImmutableArray<ServedMethod> Methods { get; init; } = [];

    /// <summary>What clients of this server must know.</summary>
    public RpcCapability? ServerCapability { get; init; }

    /// <summary>Whom the server refuses, before anything is answered; null when anyone may connect.</summary>
    public ConnectionFirewall? Firewall { get; init; }

    /// <summary>How calls share connections.</summary>
    public RpcClientsOptions Clients { get; init; } = new();

    /// <summary>How it takes part in the DHT.</summary>
    public HyperDhtOptions Dht { get; init; } = new();
}
