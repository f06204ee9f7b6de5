namespace Hyper.Protocol.DhtRpc.Messages;

/// <summary>What a request asks for: one of the node's own commands, or a numbered command of the layer above.</summary>
/// <param name="IsInternal">Commands of dht-rpc itself carry the internal flag on the wire.</param>
/// <param name="Number">The number on the wire.</param>
public readonly record struct DhtCommand(bool IsInternal, ulong Number)
{
    /// <summary>Are you there?</summary>
    public static DhtCommand Ping => new(true, 0);

    /// <summary>Answer to another port of mine.</summary>
    public static DhtCommand PingNat => new(true, 1);

    /// <summary>Which nodes do you know near the target?</summary>
    public static DhtCommand FindNode => new(true, 2);

    /// <summary>A node that you told me about does not answer.</summary>
    public static DhtCommand DownHint => new(true, 3);

    /// <summary>Answer after the given time.</summary>
    public static DhtCommand DelayedPing => new(true, 4);

    /// <summary>A command of the layer above.</summary>
    public static DhtCommand External(ulong number) => new(false, number);

    public override string ToString() => (IsInternal ? "internal " : "external ") + Number;
}
