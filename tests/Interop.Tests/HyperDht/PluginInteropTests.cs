using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>A plugin that keeps one value for each target, served and asked by either side.</summary>
public sealed class PluginInteropTests : DhtInteropKit
{
    private const ulong Put = 0, Get = 1;
    private static readonly Bytes32 Target = Blake2b.Hash256("a note"u8);

    [Fact]
    public async Task A_JavaScript_node_stores_and_reads_through_our_plugin()
    {
        (HyperDhtClient dht, _) = await StartBootstrapAsync();
        dht.Dht.Tell(new HyperDhtProtocol.ServePlugin("notes", 1, Runtime.System.ActorOf(Props.Create(() => new Notes()))));
        using NodePeer peer = NodePeer.Start("plugin.js", "--bootstrap", Bootstrap.ToString());
        peer.ReadEvent("ready");
        Write(peer, new JsonObject { ["op"] = "put", ["target"] = Target.ToHex(), ["value"] = "cafe" });
        Assert.Null((string?)peer.ReadEvent("stored")["value"]);
        Write(peer, new JsonObject { ["op"] = "get", ["target"] = Target.ToHex() });
        Assert.Equal("cafe", (string?)peer.ReadEvent("value")["value"]);
    }

    [Fact]
    public async Task We_store_and_read_through_a_plugin_of_JavaScript()
    {
        using NodePeer peer = NodePeer.Start("plugin.js", "--bootstrapper", $"{Bootstrap.Port}");
        peer.ReadEvent("ready");
        (_, DhtNodeClient node) = await StartAsync(Joining(isFirewalled: false, DhtPersistence.Ephemeral));
        PluginRequest put = new("notes", 1, Put, new byte[] { 0xca, 0xfe });
        QueryDefinition walk = new PluginRequest("notes", 1, Get).Towards(Target);
        QueryResult stored = await node.QueryAsync(walk with { Commit = reply => reply.Token is { } token ? put.To(reply.From, Target, token) : null });
        Assert.Equal((QueryStatus.Completed, Bootstrap), (stored.Status, Assert.Single(stored.Accepted)));

        ReceivedReply found = Assert.Single((await node.QueryAsync(walk)).Closest);
        Assert.Equal("CAFE", Convert.ToHexString(found.Value!.Value.Span));
    }

    private sealed class Notes : ReceiveActor
    {
        private readonly Dictionary<Bytes32, ReadOnlyMemory<byte>?> _kept = [];

        public Notes()
            => Receive<HyperDhtProtocol.PluginRequested>(asked =>
            {
                if (asked.Request.Target is not { } target || (asked.Asked.Command == Put && !asked.Request.HasValidToken))
                    return;
                if (asked.Asked.Command == Put)
                    _kept[target] = asked.Asked.Value;
                ReadOnlyMemory<byte>? value = asked.Asked.Command == Get ? _kept.GetValueOrDefault(target) : null;
                Sender.Tell(new DhtNodeProtocol.Answer(asked.Request, DhtAnswer.Success(value)));
            });
    }
}
