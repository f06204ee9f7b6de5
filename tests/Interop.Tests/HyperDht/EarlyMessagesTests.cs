using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>Much is sent over a channel that the other side has not opened yet.</summary>
public sealed class EarlyMessagesTests : IDisposable
{
    private const int Megabyte = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ChannelRequest Channel = new("early", default, 1);
    private static readonly KeyPair Ours = KeyPair.FromSeed(Blake2b.Hash256("ours"u8)), Theirs = KeyPair.FromSeed(Blake2b.Hash256("theirs"u8));
    private readonly RealRuntime _runtime = new("early-interop");
    private readonly PeerAddress _bootstrap;
    private readonly Inbox _owner;

    public EarlyMessagesTests() => (_bootstrap, _owner) = (Discarding.FreePort(_runtime.Ports), Inbox.Create(_runtime.System));

    public void Dispose() => _runtime.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task We_stop_reading_from_JavaScript_until_the_channel_is_opened_or_declined(bool isOpened)
    {
        IActorRef dht = await StartAsync();
        dht.Tell(new HyperDhtProtocol.Listen(Ours, _owner.Receiver) { Preamble = [new ConnectionProtocol.ListenChannel("early", null, _owner.Receiver)] });
        Expect<HyperDhtProtocol.Listening>();
        using NodePeer peer = StartPeer(new JsonObject { ["op"] = "send", ["key"] = Ours.PublicKey.ToHex(), ["count"] = 20 });
        IActorRef connection = Expect<HyperDhtProtocol.Accepted>().Connection;
        Assert.InRange((long)peer.ReadEvent("stalled")["sent"]!, 4L << 20, 10 * Megabyte);

        ChannelKey key = new(_owner.Receiver);
        connection.Tell(isOpened ? new ConnectionProtocol.OpenChannel(key, Channel) : new ConnectionProtocol.DeclineChannel("early", default));
        if (!isOpened)
        {
            Assert.True((bool)peer.ReadEvent("channel-closed")["isRemote"]!);
            return;
        }

        List<ReadOnlyMemory<byte>> received = [];
        while (received.Count < 21)
            received.AddRange(Expect<ConnectionProtocol.ChannelMessages>().Messages.Select(message => message.Payload));
        Assert.Equal(Enumerable.Range(0, 20), received[..20].Select(payload => (int)payload.Span[0]));
        Assert.Equal(20 * Megabyte, received[..20].Sum(payload => payload.Length));
        Assert.Equal("last"u8, received[20].Span);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task JavaScript_stops_reading_from_us_until_it_opens_or_declines_the_channel(bool isOpened)
    {
        IActorRef dht = await StartAsync();
        using NodePeer peer = StartPeer(new JsonObject { ["op"] = "listen", ["seed"] = Blake2b.Hash256("theirs"u8).ToHex() });
        peer.ReadEvent("listening");
        dht.Tell(new HyperDhtProtocol.Connect(1, Theirs.PublicKey, Ours), _owner.Receiver);
        IActorRef connection = Expect<HyperDhtProtocol.Connected>().Connection;
        ChannelKey key = new(_owner.Receiver);
        connection.Tell(new ConnectionProtocol.OpenChannel(key, Channel));
        for (int i = 0; i < 20; i++)
        {
            byte[] message = new byte[Megabyte];
            message[0] = (byte)i;
            connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, message)]));
        }

        connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, "last"u8.ToArray())]));
        peer.ReadEvent("waiting");
        peer.ReadEvent("paused");
        peer.WriteLine(new JsonObject { ["op"] = isOpened ? "open" : "decline" }.ToJsonString());
        if (!isOpened)
        {
            Assert.True(Expect<ConnectionProtocol.ChannelClosed>().IsRejected);
            return;
        }

        Expect<ConnectionProtocol.ChannelOpened>();
        JsonObject received = peer.ReadEvent("received");
        Assert.Equal((20 * Megabyte, true), ((int)received["bytes"]!, (bool)received["isInOrder"]!));
    }

    private T Expect<T>() => (T)_owner.ReceiveWhere(message => message is T, Patience);

    private NodePeer StartPeer(JsonObject first)
    {
        NodePeer peer = NodePeer.Start("early.js", ["--bootstrap", _bootstrap.ToString()]);
        peer.ReadEvent("ready");
        peer.WriteLine(first.ToJsonString());
        return peer;
    }

    private async Task<IActorRef> StartAsync()
    {
        await SmallNetwork.StartAsync(_runtime, _bootstrap, Patience);
        DhtNodeActorOptions options = new()
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], HasQuickFirewallCheck = false },
        };
        return (await HyperDhtClient.StartAsync(
            _runtime.System, _runtime.Peer("ours", new MemoryFileStore()), new HyperDhtOptions { Node = options }, Patience)).Dht.Dht;
    }
}
