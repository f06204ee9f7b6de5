namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>What an RPC channel asks for or reports.</summary>
public abstract record RpcEffect
{
    private RpcEffect()
    {
    }

    /// <summary>Send one message of the channel: what stands before the value, and the value where there is one.</summary>
    public sealed record Send(int Type, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Value) : RpcEffect;

    /// <summary>The remote calls a method of ours; answer with the token, unless it is an event, whose token is 0.</summary>
    /// <param name="Token">Never used twice, unlike the remote's number.</param>
    /// <param name="RequestId">The number that the remote gave the call.</param>
    public sealed record RequestReceived(long Token, ulong RequestId, string Method, ReadOnlyMemory<byte> Value) : RpcEffect
    {
        public bool IsEvent => Token == 0;
    }

    /// <summary>A call of ours was answered.</summary>
    public sealed record ResponseReceived(ulong RequestId, ReadOnlyMemory<byte> Value) : RpcEffect;

    /// <summary>A call of ours failed.</summary>
    public sealed record RequestFailed(ulong RequestId, RpcError Error) : RpcEffect;

    /// <summary>Close the channel.</summary>
    public sealed record CloseChannel : RpcEffect;

    /// <summary>The remote broke the protocol: destroy the stream.</summary>
    public sealed record Faulted(string Reason) : RpcEffect;
}
