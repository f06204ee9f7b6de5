using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>How RPC channels are named on a connection.</summary>
public static class RpcChannels
{
    /// <summary>What a connection is told before it is established, so that the remote's open waits for ours instead of being rejected.</summary>
    /// <param name="serverKey">Key of the side that serves.</param>
    /// <param name="listener">The <see cref="RpcServerActor"/> when serving, the <see cref="RpcClientsActor"/> when calling.</param>
    public static ConnectionProtocol.ListenChannel Listening(PublicKey serverKey, IActorRef listener)
        => new(RpcMachine.DefaultProtocol, serverKey.Value.ToArray(), listener);

    /// <summary>How a session opens its channel.</summary>
    internal static ChannelRequest RequestOf(RpcSessionOptions options, NoiseResult session)
        => new(options.Protocol, options.ServerKey.Value.ToArray(), RpcMachine.MessageCount)
        {
            Handshake = options.Capability?.EncodeHandshake(session),
        };

    /// <summary>Why a connection ended, in upstream's words; null when it was closed on purpose or still lives.</summary>
    internal static string? ReasonOf(ConnectionCloseReason? end) => end switch
    {
        ConnectionCloseReason.Reset => "ECONNRESET",
        ConnectionCloseReason.TimedOut => "ETIMEDOUT",
        ConnectionCloseReason.ProtocolFault => "EPROTO",
        _ => null,
    };
}
