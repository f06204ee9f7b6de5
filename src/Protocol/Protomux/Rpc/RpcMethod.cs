namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>A method's name and how its argument and result are encoded; both sides must agree on all three.</summary>
public sealed record RpcMethod(
    string Name,
    RpcValueEncoding RequestEncoding = RpcValueEncoding.Buffer,
    RpcValueEncoding ResponseEncoding = RpcValueEncoding.Buffer);
