using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>Raw streams between ours and JavaScript, whose ids go over the encrypted connection.</summary>
public sealed class RawStreamInteropTests : DhtInteropKit
{
    private const int Bytes = 5_000_000;
    private static readonly ChannelRequest Channel = new("raw-stream", default, 1);
    private readonly Inbox _owner;

    public RawStreamInteropTests() => _owner = Inbox.Create(Runtime.System);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task JavaScript_echoes_over_a_raw_stream_that_we_end_or_destroy(bool ends)
    {
        using NodePeer peer = await StartAsync();
        Write(peer, new JsonObject { ["op"] = "listen", ["seed"] = TheirSeed });
        peer.ReadEvent("listening");
        HyperDhtClient dht = await JoinAsync(isFirewalled: true);
        RawStreamClient stream = await OpenAsync(dht, Connect(dht));

        byte[] sent = RandomNumberGenerator.GetBytes(Bytes);
        Task<byte[]> returning = ReadAsync(stream, Bytes);
        Assert.True(await stream.WriteAsync(sent).WaitAsync(Patience));
        Assert.Equal(sent, await returning.WaitAsync(Patience));
        Task<ReadOnlyMemory<byte>?> message = stream.ReadMessageAsync();
        stream.Send("unordered"u8.ToArray());
        Assert.Equal("unordered", Encoding.UTF8.GetString((await message.WaitAsync(Patience))!.Value.Span));
        if (ends)
        {
            stream.End();
            Assert.Null(await stream.ReadAsync().WaitAsync(Patience));
            Assert.Equal(ConnectionCloseReason.Ended, (await stream.Closed.WaitAsync(Patience)).Reason);
        }
        else
        {
            await stream.DestroyAsync().WaitAsync(Patience);
            Assert.Equal("ECONNRESET", (string?)peer.ReadEvent("raw-error")["code"]);
        }

        peer.ReadEvent("raw-closed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task We_echo_over_a_raw_stream_that_JavaScript_ends_or_destroys(bool ends)
    {
        using NodePeer peer = await StartAsync();
        HyperDhtClient dht = await JoinAsync(isFirewalled: true);
        dht.Dht.Tell(new HyperDhtProtocol.Listen(Ours, _owner.Receiver) { Preamble = [ListenForChannel] });
        Expect<HyperDhtProtocol.Listening>();
        Write(peer, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["bytes"] = Bytes });
        RawStreamClient stream = await OpenAsync(dht, Expect<HyperDhtProtocol.Accepted>().Connection);
        Task<ReadOnlyMemory<byte>?> message = stream.ReadMessageAsync();
        Task echoing = EchoAsync(stream);
        if (ends)
        {
            stream.Send((await message.WaitAsync(Patience))!.Value);
            Assert.Equal("unordered", (string?)peer.ReadEvent("message")["text"]);
            await echoing.WaitAsync(Patience);
            stream.End();
            JsonObject returned = peer.ReadEvent("returned");
            Assert.Equal((true, Bytes), ((bool)returned["isSame"]!, (int)returned["bytes"]!));
            Assert.Equal(ConnectionCloseReason.Ended, (await stream.Closed.WaitAsync(Patience)).Reason);
        }
        else
        {
            await message.WaitAsync(Patience);
            Write(peer, new JsonObject { ["op"] = "destroy" });
            Assert.Equal(ConnectionCloseReason.Reset, (await stream.Closed.WaitAsync(Patience)).Reason);
        }

        peer.ReadEvent("raw-closed");
    }

    [Fact]
    public async Task A_raw_stream_outlives_the_encrypted_connection_on_both_sides()
    {
        using NodePeer peer = await StartAsync();
        Write(peer, new JsonObject { ["op"] = "listen", ["seed"] = TheirSeed });
        peer.ReadEvent("listening");
        HyperDhtClient dht = await JoinAsync(isFirewalled: true);
        RawStreamClient stream = await OpenAsync(dht, Connect(dht));
        Write(peer, new JsonObject { ["op"] = "close" });
        peer.ReadEvent("connection-closed");
        Expect<ConnectionProtocol.Closed>();
        Assert.True(await stream.WriteAsync("still here"u8.ToArray()).WaitAsync(Patience));
        Assert.Equal("still here"u8.ToArray(), await ReadAsync(stream, "still here".Length).WaitAsync(Patience));
    }

    private async Task<NodePeer> StartAsync()
    {
        await StartNetworkAsync();
        NodePeer peer = NodePeer.Start("raw-stream.js", "--bootstrap", Bootstrap.ToString());
        peer.ReadEvent("ready");
        return peer;
    }

    // The remote end may open the channel first.
    private ConnectionProtocol.ListenChannel ListenForChannel => new(Channel.Protocol, null, _owner.Receiver);

    private IActorRef Connect(HyperDhtClient dht)
    {
        dht.Dht.Tell(new HyperDhtProtocol.Connect(1, Theirs.PublicKey, Ours) { Preamble = [ListenForChannel] }, _owner.Receiver);
        return Expect<HyperDhtProtocol.Connected>().Connection;
    }

    private T Expect<T>() => (T)_owner.ReceiveWhere(message => message is T, Patience);

    /// <summary>Tells the remote end our id, hears its own, and connects.</summary>
    private async Task<RawStreamClient> OpenAsync(HyperDhtClient dht, IActorRef connection)
    {
        RawStreamClient stream = (await dht.CreateRawStreamAsync(connection))!;
        ChannelKey key = new(_owner.Receiver);
        byte[] id = LengthPrefixed(stream.Id.ToString(CultureInfo.InvariantCulture));
        connection.Tell(new ConnectionProtocol.OpenChannel(key, Channel));
        connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, id)]));
        ChannelMessage told = Assert.Single(Expect<ConnectionProtocol.ChannelMessages>().Messages);
        stream.Connect(uint.Parse(Encoding.UTF8.GetString(told.Payload.Span[1..]), CultureInfo.InvariantCulture));
        return stream;
    }

    private static byte[] LengthPrefixed(string text) => [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static async Task<byte[]> ReadAsync(RawStreamClient stream, int length)
    {
        List<byte> read = new(length);
        while (read.Count < length && await stream.ReadAsync() is { } bytes)
            read.AddRange(bytes.Span);
        return [.. read];
    }

    private static async Task EchoAsync(RawStreamClient stream)
    {
        while (await stream.ReadAsync() is { } bytes)
            await stream.WriteAsync(bytes);
    }
}
