using Akka.Actor;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>What the pool of RPC clients is told, and what it tells its callers and the actor that makes connections.</summary>
public static class RpcClientsProtocol
{
    /// <summary>An order to the pool, or an answer of the actor that makes connections.</summary>
    public interface ICommand;

    /// <summary>A fact; its sender is the pool.</summary>
    public interface IEvent;

    /// <summary>Calls a server, connecting when needed; the sender gets <see cref="Replied"/> or <see cref="Failed"/> with the same number.</summary>
    public sealed record Call(long Request, PublicKey Server, RpcMethod Method, ReadOnlyMemory<byte> Value, TimeSpan? Timeout) : ICommand;

    /// <summary>Tells a server something that it does not answer, connecting when needed; nothing is heard of it again.</summary>
    public sealed record SendEvent(PublicKey Server, RpcMethod Method, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>
    /// The answer to <see cref="Connect"/>: a <see cref="Connections.ConnectionActor"/> and the keys it was established with.
    /// It must have been told <see cref="RpcChannels.Listening"/> before its first packet: servers open at once, and JavaScript ones
    /// hang up when they are rejected.
    /// </summary>
    public sealed record Connected(PublicKey Server, IActorRef Connection, NoiseResult Session) : ICommand;

    /// <summary>The answer to <see cref="Connect"/> when there is no connection; the code is a word such as PEER_NOT_FOUND.</summary>
    public sealed record ConnectFailed(PublicKey Server, string Code, string Reason) : ICommand;

    /// <summary>To the caller: the server's answer.</summary>
    public sealed record Replied(long Request, PublicKey Server, ReadOnlyMemory<byte> Value) : IEvent;

    /// <summary>To the caller: the call ended without an answer, or with an error.</summary>
    public sealed record Failed(long Request, PublicKey Server, RpcError Error) : IEvent;

    /// <summary>To the actor that makes connections: answer with <see cref="Connected"/> or <see cref="ConnectFailed"/>.</summary>
    public sealed record Connect(PublicKey Server) : IEvent;

    /// <summary>To the actor that makes connections: the pool needs this one no more.</summary>
    public sealed record Release(PublicKey Server) : IEvent;
}
