using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>The options of a peer in the words of its parts.</summary>
internal static class PeerSetup
{
    public static HyperDhtOptions DhtOf(PeerOptions options)
        => new()
        {
            MaxConnections = options.ConnectionLimit,
            RelayThrough = options.RelayThrough,
            Node = new DhtNodeActorOptions
            {
                Bind = options.Bind,
                IsPortFixed = options.Bind.Port != 0,
                Node = new DhtNodeOptions
                {
                    BootstrapNodes = options.Bootstrap,
                    KnownAddress = options.PublicAddress,
                    IsFirewalled = options.IsFirewalled,
                    Persistence = options.IsEphemeral ? DhtPersistence.Ephemeral
                        : options.IsFirewalled ? DhtPersistence.Adaptive
                        : DhtPersistence.Persistent,
                },
            },
        };

    public static RpcServerOptions RpcOf(PeerOptions options, IActorRef handler)
        => new()
        {
            ServerKey = options.KeyPair.PublicKey,
            MaxConnections = options.ConnectionLimit,
            Methods = [.. options.Methods.Select(method => new ServedMethod(new RpcMethod(method), handler))],
        };

    public static string BootstrapText(PeerOptions options)
        => options.Bootstrap.IsDefaultOrEmpty ? "no bootstrap node" : string.Join(", ", options.Bootstrap);
}
