using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>A method and the actor that is told of its calls.</summary>
/// <remarks>A call wakes no other thread where the handler runs on <see cref="PeerRuntime.ConnectionDispatcher"/>, as one may that never waits.</remarks>
public sealed record ServedMethod(RpcMethod Method, IActorRef Handler)
{
    /// <summary>Whether the handler is told of all the calls of one arrival at once, as <see cref="RpcSessionProtocol.RequestsReceived"/>.</summary>
    public bool TakesBatches { get; init; }
}

/// <summary>Which RPC channel a session opens, and what it serves there.</summary>
public sealed record RpcSessionOptions
{
    /// <summary>The server's key, which names the channel; the remote's when calling, one's own when serving.</summary>
    public required PublicKey ServerKey { get; init; }

    /// <summary>The channel's protocol.</summary>
    public string Protocol { get; init; } = RpcMachine.DefaultProtocol;

    /// <summary>What both sides must know; null when neither side asks for it.</summary>
    public RpcCapability? Capability { get; init; }

    /// <summary>Methods that the remote may call from the start.</summary>
    public ImmutableArray<ServedMethod> Methods { get; init; } = [];

    /// <summary>Limits of the channel.</summary>
    public RpcOptions Limits { get; init; } = new();
}
