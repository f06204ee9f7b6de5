using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class ServerHandshakeMachineTests
{
    [Fact]
    public void A_client_that_the_firewall_refuses_gets_no_answer_at_all()
    {
        HandshakeScene scene = new(firewall: (key, _, _) => key == HandshakeScene.ClientKeys.PublicKey);
        OutgoingRequest request = Found(scene, HandshakeScene.Relay);
        Assert.Null(scene.Carry(request));
        Assert.Null(scene.Carry(request));
        Assert.Equal(1, scene.Host.Counts.Refused);
        Assert.Empty(scene.ServerEffects);
    }

    [Fact]
    public void Copies_of_a_message_share_one_handshake_and_one_answer()
    {
        int asked = 0;
        HandshakeScene scene = new(firewall: (_, _, _) => ++asked < 0);
        OutgoingRequest request = Found(scene, HandshakeScene.Relay);
        ReadOnlyMemory<byte> first = scene.Carry(request)!.Value!.Value;
        ReadOnlyMemory<byte> second = scene.Carry(request with { To = HandshakeScene.OtherRelay })!.Value!.Value;
        Assert.Equal(DhtVectors.Hex(first), DhtVectors.Hex(second));
        Assert.Equal(1, asked);
        Assert.Single(scene.ServerEffects);
    }

    [Fact]
    public void A_handshake_is_forgotten_some_time_after_its_path_was_due()
    {
        HandshakeScene scene = new();
        OutgoingRequest request = Found(scene, HandshakeScene.Relay);
        ReadOnlyMemory<byte> first = scene.Carry(request)!.Value!.Value;
        scene.Now = TimeSpan.FromSeconds(19);
        scene.Host.HandleTimeout(scene.Now);
        Assert.Equal(DhtVectors.Hex(first), DhtVectors.Hex(scene.Carry(request)!.Value!.Value));
        scene.Now = scene.Host.NextDeadline!.Value;
        scene.Host.HandleTimeout(scene.Now);
        Assert.Null(scene.Host.NextDeadline);
        Assert.NotEqual(DhtVectors.Hex(first), DhtVectors.Hex(scene.Carry(request)!.Value!.Value));
    }

    [Fact]
    public void A_firewalled_server_offers_its_relays_and_an_open_one_none()
    {
        Assert.Equal(HandshakeScene.Relay, Answered(new HandshakeScene()).Holepunch!.Relays[0].RelayAddress);
        NoisePayload open = Answered(new HandshakeScene(serverOpen: true));
        Assert.Equal((FirewallState.Open, (HolepunchInfo?)null), (open.Firewall, open.Holepunch));
        Assert.Equal([HandshakeScene.Server, HandshakeScene.Server], open.Addresses4);
        Assert.Equal([HandshakeScene.Relay], open.RelayAddresses!);
    }

    [Theory]
    [InlineData(1, false, HandshakeError.Aborted)]
    [InlineData(2, true, HandshakeError.VersionMismatch)]
    public void A_client_of_another_version_or_without_a_stream_gets_an_error(ulong version, bool withStream, HandshakeError expected)
    {
        HandshakeScene scene = new();
        NoisePayload payload = new() { Version = version, Udx = withStream ? new UdxInfo(1) : null };
        InitiatorHandshake client = HandshakeScene.Offer(HandshakeScene.ClientKeys, HandshakeScene.ServerKeys.PublicKey, payload, new SeededEntropy(3, "client"));
        ReceivedReply reply = scene.Carry(Request(client.Message!))!;
        Assert.True(HandshakeMessage.TryDecode(reply.Value!.Value.Span, out HandshakeMessage message));
        Assert.True(client.TryReceive(message.Noise.Span, out _, out NoisePayload answer));
        Assert.Equal((expected, 0u), (answer.Error, answer.Udx!.Id));
        Assert.Empty(scene.ServerEffects);
    }

    [Fact]
    public void Messages_for_another_key_are_dropped_counted_and_not_remembered()
    {
        HandshakeScene scene = new();
        for (byte i = 0; i < 10; i++)
            Assert.Null(scene.Carry(Request([i])));
        Assert.Equal((HandshakeCounts.None with { Malformed = 10 }, null), (scene.Host.Counts, scene.Host.NextDeadline));
        Assert.NotNull(scene.Carry(Found(scene, HandshakeScene.Relay)));
    }

    [Fact]
    public void A_flood_of_refused_clients_neither_fills_the_memory_nor_keeps_others_out()
    {
        HandshakeScene scene = new(firewall: (key, _, _) => key != HandshakeScene.ClientKeys.PublicKey);
        for (byte client = 10; client < 40; client++)
        {
            NoisePayload payload = new() { Udx = new UdxInfo(1) };
            KeyPair keys = KeyPair.FromSeed(Blake2b.Hash256([client]));
            Assert.Null(scene.Carry(Request(HandshakeScene.Offer(
                keys, HandshakeScene.ServerKeys.PublicKey, payload, new SeededEntropy(client, "flood")).Message!)));
        }

        Assert.Equal(HandshakeCounts.None with { Refused = 30 }, scene.Host.Counts);
        Assert.Equal(0ul, Answered(scene).Holepunch!.Id);
    }

    [Fact]
    public void A_replayed_handshake_gets_the_same_answer_and_begins_nothing()
    {
        HandshakeScene scene = new();
        OutgoingRequest request = Found(scene, HandshakeScene.Relay);
        for (int copy = 0; copy < 100; copy++)
            Assert.NotNull(scene.Carry(request));
        Assert.Single(scene.ServerEffects);
        Assert.Equal(HandshakeCounts.None with { Repeated = 99 }, scene.Host.Counts);
    }

    [Fact]
    public void A_hole_in_the_slots_is_filled_first()
    {
        HandshakeScene scene = new();
        Assert.Equal(0ul, Answered(scene, 2).Holepunch!.Id);
        scene.Now = TimeSpan.FromSeconds(5);
        Assert.Equal(1ul, Answered(scene, 3).Holepunch!.Id);
        scene.Now = TimeSpan.FromSeconds(20);
        scene.Host.HandleTimeout(scene.Now);
        Assert.Equal(0ul, Answered(scene, 4).Holepunch!.Id);
    }

    [Fact]
    public void The_captured_handshake_is_repeated_byte_for_byte()
    {
        foreach (string name in (string[])["live.handshake.noise", "noise-ik"])
        {
            JsonElement entry = DhtVectors.Get(name);
            Assert.True(NoisePayload.TryDecode(entry.Bytes("payload1"), out NoisePayload payload));
            InitiatorHandshake client = HandshakeScene.Offer(
                entry.Pair("initiatorSeed"), entry.Pair("responderSeed").PublicKey, payload, new Seed(entry.Fixed32("initiatorEphemeralSeed")));
            Assert.Equal(entry.Bytes("message1"), client.Message);
            Assert.False(client.TryReceive(new byte[80], out _, out _));
            Assert.True(client.TryReceive(entry.Bytes("message2"), out Hyper.Protocol.SecretStream.Noise.NoiseResult? result, out NoisePayload answer));
            Assert.Equal(entry.Bytes("payload2"), answer.Encode());
            Assert.Equal(entry.Fixed32("initiatorTx"), result.Tx);
            Assert.Equal(entry.Fixed32("initiatorRx"), result.Rx);
        }
    }

    private static OutgoingRequest Found(HandshakeScene scene, PeerAddress relay)
    {
        scene.Machine.Start();
        scene.Take();
        scene.Machine.HandleFound(HandshakeScene.Record(relay));
        return scene.TakeSend().Request;
    }

    private static OutgoingRequest Request(byte[] noise)
        => new(HandshakeScene.Relay, HyperDhtCommand.PeerHandshake.ToDht())
        {
            Target = HandshakeScene.Target,
            Value = new HandshakeMessage(PeerRoutingMode.FromClient, noise).Encode(),
        };

    private static NoisePayload Answered(HandshakeScene scene, ulong seed = 3)
    {
        NoisePayload payload = new() { Udx = new UdxInfo(1) };
        InitiatorHandshake client = HandshakeScene.Offer(HandshakeScene.ClientKeys, HandshakeScene.ServerKeys.PublicKey, payload, new SeededEntropy(seed, "client"));
        Assert.True(HandshakeMessage.TryDecode(scene.Carry(Request(client.Message!))!.Value!.Value.Span, out HandshakeMessage message));
        Assert.True(client.TryReceive(message.Noise.Span, out _, out NoisePayload answer));
        return answer;
    }

    private sealed class Seed(Bytes32 seed) : IEntropy
    {
        public void Fill(Span<byte> destination) => seed.CopyTo(destination);
    }
}
