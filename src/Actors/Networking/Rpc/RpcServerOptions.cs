using System.Collections.Immutable;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Who serves, and what from the start.</summary>
public sealed record RpcServerOptions
{
    /// <summary>The key that clients dial; it names the channel.</summary>
    public required PublicKey ServerKey { get; init; }

    /// <summary>What clients must know; null when anyone may call.</summary>
    public RpcCapability? Capability { get; init; }

    /// <summary>Methods offered from the start.</summary>
    public ImmutableArray<ServedMethod> Methods { get; init; } = [];

    /// <summary>Connections served at once; the remotes of further ones are rejected.</summary>
    public int MaxConnections { get; init; } = 4_096;

    /// <summary>Limits of each channel.</summary>
    public RpcOptions Limits { get; init; } = new();
}
