using System.Collections.Immutable;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>One server of an RPC peer: under which key, what, and for whom.</summary>
public sealed record HyperswarmRpcServer
{
    /// <summary>Clients dial its public half.</summary>
    public required KeyPair KeyPair { get; init; }

    /// <summary>Methods served from the start.</summary>
    public ImmutableArray<ServedMethod> Methods { get; init; } = [];

    /// <summary>What clients must know; null when anyone may call.</summary>
    public RpcCapability? Capability { get; init; }

    /// <summary>Whom the server refuses, before anything is answered; null when anyone may connect.</summary>
    public ConnectionFirewall? Firewall { get; init; }

    /// <summary>Blind relays that may carry streams of clients; those of the node when nothing is said.</summary>
    public ImmutableArray<PublicKey>? RelayThrough { get; init; }

    /// <summary>Another interval than that of the node, zero for none.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>What each connection is told before its first packet: whoever listens for further channels must do so by then.</summary>
    public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];
}
