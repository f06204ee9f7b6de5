using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>Many streams at once, each with half a megabyte each way.</summary>
public sealed class ParallelStreamsTests : DhtInteropKit
{
    private const int Streams = 16;

    [Fact]
    public async Task Sixteen_streams_of_one_socket_to_one_socket_of_JavaScript_carry_their_own_bytes()
    {
        await StartNetworkAsync();
        using NodePeer peers = Peers(1);
        PublicKey server = Serve(peers, node: 0);
        HyperDhtClient client = await JoinAsync(isFirewalled: true);
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => EchoAsync(client, server, stream)));
    }

    [Fact]
    public async Task Sixteen_streams_of_sixteen_sockets_to_as_many_of_JavaScript_carry_their_own_bytes()
    {
        await StartNetworkAsync();
        using NodePeer peers = Peers(Streams);
        List<(HyperDhtClient Client, PublicKey Server)> pairs = [];
        for (int node = 0; node < Streams; node++)
            pairs.Add((await JoinAsync(isFirewalled: true), Serve(peers, node)));
        await Task.WhenAll(pairs.Select((pair, stream) => EchoAsync(pair.Client, pair.Server, stream)));
    }

    private static PublicKey Serve(NodePeer peers, int node)
    {
        Bytes32 seed = Blake2b.Hash256([(byte)node]);
        Write(peers, new JsonObject { ["op"] = "listen", ["node"] = node, ["seed"] = seed.ToHex() });
        peers.ReadEvent("listening");
        return KeyPair.FromSeed(seed).PublicKey;
    }

    private async Task EchoAsync(HyperDhtClient client, PublicKey server, int stream)
    {
        byte[] sent = new byte[512 * 1024];
        new Random(stream).NextBytes(sent);
        TaskCompletionSource<object> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = Runtime.System.ActorOf(EchoActor.Client(sent, outcome));
        client.Dht.Tell(new HyperDhtProtocol.Connect(stream, server, Ours) { Preamble = [EchoActor.Listening(owner)] }, owner);
        Assert.Equal(sent, await outcome.Task.WaitAsync(Patience));
    }
}
