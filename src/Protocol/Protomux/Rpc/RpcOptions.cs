namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Limits of one RPC channel; upstream has none.</summary>
public sealed record RpcOptions
{
    /// <summary>Calls of this side that may wait for an answer.</summary>
    public int MaxOutstandingRequests { get; init; } = 65_536;

    /// <summary>Calls of the remote that may be in work; further ones are answered with an error.</summary>
    public int MaxPendingResponses { get; init; } = 65_536;

    /// <summary>Longer method names are cut, and therefore unknown.</summary>
    public int MaxMethodBytes { get; init; } = 1_024;

    /// <summary>Longer error texts of the remote are cut.</summary>
    public int MaxErrorTextBytes { get; init; } = 16_384;
}
