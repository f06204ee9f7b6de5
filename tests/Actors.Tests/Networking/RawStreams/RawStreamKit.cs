using Akka.Actor;
using AuctionActors.Actors.Tests.Networking.Dht;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.RawStreams;

namespace AuctionActors.Actors.Tests.Networking.RawStreams;

/// <summary>Two nodes with an encrypted connection, and raw streams beside it.</summary>
public abstract class RawStreamKit : HyperDhtKit
{
    private protected IActorRef ServerNode { get; private set; } = ActorRefs.Nobody;

    private protected IActorRef ClientNode { get; private set; } = ActorRefs.Nobody;

    private protected HyperDhtProtocol.Connected Dialled { get; private set; } = null!;

    private protected HyperDhtProtocol.Accepted Admitted { get; private set; } = null!;

    /// <param name="options">Of the client's raw streams; the defaults when null.</param>
    /// <param name="isServerFirewalled">Whether it has a socket of its own for its requests.</param>
    private protected void ConnectNodes(RawStreamOptions? options = null, bool isServerFirewalled = false)
    {
        (ServerNode, ClientNode) = (Node(isServerFirewalled), Node(true, above: new HyperDhtOptions { RawStreams = options ?? RawStreamOptions.Default }));
        Listen(ServerNode);
        (Dialled, Admitted) = Connect(ClientNode);
    }

    /// <summary>One stream at each end, which are not connected yet.</summary>
    private protected async Task<(RawStreamClient Client, RawStreamClient Server)> CreateStreamsAsync()
    {
        RawStreamClient? client = await new HyperDhtClient(ClientNode, Patience).CreateRawStreamAsync(Dialled.Connection);
        RawStreamClient? server = await new HyperDhtClient(ServerNode, Patience).CreateRawStreamAsync(Admitted.Connection);
        return (client!, server!);
    }

    private protected async Task<(RawStreamClient Client, RawStreamClient Server)> ConnectStreamsAsync()
    {
        (RawStreamClient client, RawStreamClient server) = await CreateStreamsAsync();
        client.Connect(server.Id);
        server.Connect(client.Id);
        return (client, server);
    }

    /// <summary>Everything until the remote end has ended, or the stream is over.</summary>
    private protected static async Task<byte[]> ReadToEndAsync(RawStreamClient stream)
    {
        using MemoryStream read = new();
        while (await stream.ReadAsync().WaitAsync(Patience) is { } bytes)
            read.Write(bytes.Span);
        return read.ToArray();
    }

    private protected static byte[] SomeBytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
