using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>RPC peers of ours and JavaScript ones around a bootstrap node of ours.</summary>
public abstract class RpcInteropKit : IDisposable
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private protected static readonly KeyPair Dialler = KeyPair.FromSeed(Blake2b.Hash256("dialler"u8));
    private protected static readonly string TheirSeed = Blake2b.Hash256("theirs"u8).ToHex();
    private protected static readonly PublicKey Theirs = KeyPair.FromSeed(Blake2b.Hash256("theirs"u8)).PublicKey;
    private readonly PeerAddress _bootstrap;
    private int _started;

    private protected RpcInteropKit() => _bootstrap = Discarding.FreePort(Runtime.Ports);

    private protected RealRuntime Runtime { get; } = new("rpc-interop");

    public void Dispose()
    {
        Runtime.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void Write(NodePeer node, JsonObject message) => node.WriteLine(message.ToJsonString());

    private protected static void Serve(NodePeer node, bool hasChannel = false)
    {
        Write(node, new JsonObject { ["op"] = "serve", ["seed"] = TheirSeed, ["channel"] = hasChannel });
        Assert.Equal(Theirs.ToHex(), (string?)node.ReadEvent("serving")["publicKey"]);
    }

    private protected NodePeer StartNode(params string[] flags)
    {
        NodePeer node = NodePeer.Start("rpc.js", ["--bootstrap", _bootstrap.ToString(), .. flags]);
        node.ReadEvent("ready");
        return node;
    }

    private protected HyperDhtOptions Dht(bool isFirewalled) => new()
    {
        Node = new DhtNodeActorOptions
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], IsFirewalled = isFirewalled, HasQuickFirewallCheck = false },
        },
    };

    private protected Task<HyperswarmRpcClient> JoinAsync(HyperswarmRpcOptions options)
        => HyperswarmRpcClient.StartAsync(Runtime.System, Runtime.Peer("peer-" + ++_started, new MemoryFileStore()), options, Patience);

    private protected Task StartBootstrapAsync() => SmallNetwork.StartAsync(Runtime, _bootstrap, Patience);
}
