using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>How calls to many servers share connections.</summary>
public sealed record RpcClientsOptions
{
    /// <summary>How long a connection without calls is kept, counted from the last answer.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Servers that may be called at once.</summary>
    public int MaxClients { get; init; } = 1_024;

    /// <summary>Calls that may wait for one server's connection.</summary>
    public int MaxWaitingCalls { get; init; } = 4_096;

    /// <summary>What the servers ask for; null when none does.</summary>
    public RpcCapability? Capability { get; init; }

    /// <summary>Limits of each channel.</summary>
    public RpcOptions Limits { get; init; } = new();
}
