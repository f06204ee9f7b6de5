using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Messages;

public sealed class MessageVectorTests
{
    [Fact]
    public void Namespaces_equal_upstream()
    {
        Assert.Equal(DhtVectors.Get("ns.ANNOUNCE").Fixed32("hex"), HyperDhtNamespaces.Announce);
        Assert.Equal(DhtVectors.Get("ns.UNANNOUNCE").Fixed32("hex"), HyperDhtNamespaces.Unannounce);
        Assert.Equal(DhtVectors.Get("ns.MUTABLE_PUT").Fixed32("hex"), HyperDhtNamespaces.MutablePut);
        Assert.Equal(DhtVectors.Get("ns.PEER_HANDSHAKE").Fixed32("hex"), HyperDhtNamespaces.PeerHandshake);
        Assert.Equal(DhtVectors.Get("ns.PEER_HOLEPUNCH").Fixed32("hex"), HyperDhtNamespaces.PeerHolepunch);
    }

    [Fact]
    public void Targets_are_hashes_of_public_keys()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("target.pk."))
            Assert.Equal(entry.Fixed32("hex"), PeerRecord.TargetOf(entry.Key("publicKey")));
        foreach (JsonElement entry in DhtVectors.StartingWith("keypair.seed."))
            Assert.Equal(entry.Key("hex"), entry.Pair().PublicKey);
    }

    [Theory]
    [InlineData("sign.announce.no-relays", AnnouncePurpose.Announce)]
    [InlineData("sign.announce.two-relays", AnnouncePurpose.Announce)]
    [InlineData("sign.announce.refresh", AnnouncePurpose.Announce)]
    [InlineData("sign.unannounce.no-relays", AnnouncePurpose.Unannounce)]
    public void Announcements_are_signed_as_upstream(string name, AnnouncePurpose purpose)
    {
        JsonElement entry = DhtVectors.Get(name);
        AnnounceScope scope = new(entry.Fixed32("target"), entry.Fixed32("nodeId"), entry.Fixed32("token"));
        PeerRecord peer = new(entry.Key("publicKey"), entry.Addresses("relayAddresses"));
        Bytes32? refresh = entry.Optional32("refresh");

        AnnounceMessage message = AnnounceMessage.Sign(purpose, scope, peer, entry.Pair(), refresh);

        Assert.Equal(entry.Bytes("signable"), AnnounceMessage.Signable(purpose, scope, peer, refresh));
        Assert.Equal(entry.Bytes("signature"), message.Signature.ToArray());
        Assert.Equal(entry.Bytes("hex"), message.Encode());
        Assert.Equal(entry.Bytes("peerEncoding"), peer.Encode());
        Assert.True(AnnounceMessage.TryDecode(entry.Bytes("hex"), out AnnounceMessage decoded));
        Assert.True(decoded.IsSigned(purpose, scope));
        Assert.False(decoded.IsSigned(1 - purpose, scope));
    }

    [Theory]
    [InlineData("announce.bump")]
    [InlineData("announce.refresh-only")]
    public void Unsigned_announce_forms_survive_a_round_trip(string name)
    {
        byte[] bytes = DhtVectors.Get(name).Bytes("hex");
        Assert.True(AnnounceMessage.TryDecode(bytes, out AnnounceMessage message));
        Assert.Equal(bytes, message.Encode());
        Assert.Equal(name == "announce.bump" ? 1700000000000ul : 0, message.Bump);
    }

    [Fact]
    public void Mutable_values_are_signed_as_upstream()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("sign.mutable."))
        {
            MutableValue value = MutableValue.Sign(entry.Pair(), entry.GetProperty("seq").GetUInt64(), entry.Bytes("value"));
            Assert.Equal(entry.Bytes("signable"), MutableValue.Signable(value.Sequence, value.Value.Span));
            Assert.Equal(entry.Bytes("signature"), value.Signature.ToArray());
            Assert.Equal(entry.Bytes("getResponse"), value.Encode());
            Assert.Equal(entry.Bytes("putRequest"), new MutablePut(entry.Key("publicKey"), value).Encode());
            Assert.True(MutablePut.TryDecode(entry.Bytes("putRequest"), out MutablePut put));
            Assert.True(put.Value.IsSignedBy(put.PublicKey));
        }
    }

    [Fact]
    public void Lookup_replies_hold_records_back_to_back()
    {
        byte[] bytes = DhtVectors.Get("lookup-reply").Bytes("hex");
        Assert.True(LookupReply.TryDecode(bytes, out IReadOnlyList<PeerRecord> peers, out ulong bump));
        Assert.Equal(2, peers.Count);
        Assert.Equal(PeerAddress.Loopback(40102), Assert.Single(peers[0].RelayAddresses));
        Assert.Equal(bytes, LookupReply.Encode([.. peers.Select(peer => (ReadOnlyMemory<byte>)peer.Encode())], bump));
    }

    [Fact]
    public void A_lookup_reply_without_a_bump_is_accepted()
    {
        byte[] bytes = DhtVectors.Get("lookup-reply").Bytes("hex");
        Assert.True(LookupReply.TryDecode(bytes.AsSpan(0, bytes.Length - 1), out IReadOnlyList<PeerRecord> peers, out ulong bump));
        Assert.Equal((2, 0ul), (peers.Count, bump));
    }

    [Fact]
    public void Noise_payloads_survive_a_round_trip()
    {
        List<byte[]> payloads = [.. DhtVectors.StartingWith("noise-payload.").Select(entry => entry.Bytes("hex"))];
        foreach (string name in (string[])["live.handshake.noise", "live.open.noise", "noise-ik"])
            payloads.AddRange([DhtVectors.Get(name).Bytes("payload1"), DhtVectors.Get(name).Bytes("payload2")]);
        foreach (byte[] bytes in payloads)
        {
            Assert.True(NoisePayload.TryDecode(bytes, out NoisePayload payload));
            Assert.Equal(DhtVectors.Hex(bytes), DhtVectors.Hex(payload.Encode()));
        }
    }

    [Fact]
    public void Noise_payload_members_are_read_from_their_places()
    {
        Assert.True(NoisePayload.TryDecode(DhtVectors.Get("noise-payload.server-holepunch").Bytes("hex"), out NoisePayload payload));
        Assert.Equal(2ul, payload.Holepunch!.Id);
        Assert.Equal("10.0.0.1:40208", payload.Holepunch.Relays[0].PeerAddress.ToString());
        Assert.Equal("192.168.1.5:49737", Assert.Single(payload.Addresses4).ToString());
        Assert.Equal(7u, payload.Udx!.Id);
        Assert.Equal(PeerAddress.Loopback(40102), Assert.Single(payload.RelayAddresses!));
    }

    [Fact]
    public void A_payload_of_another_version_decodes_to_its_version_only()
    {
        Assert.True(NoisePayload.TryDecode([2, 0xff, 0xff], out NoisePayload payload));
        Assert.Equal(2ul, payload.Version);
        Assert.Null(payload.Udx);
    }

    [Fact]
    public void Captured_routing_messages_survive_a_round_trip()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("live."))
        {
            string name = entry.GetProperty("name").GetString()!;
            if (!entry.TryGetProperty("decoded", out JsonElement decoded) || !decoded.TryGetProperty("value", out JsonElement value)
                || value.ValueKind != JsonValueKind.String)
                continue;
            byte[] bytes = Convert.FromHexString(value.GetString()!);
            if (name.Contains("handshake", StringComparison.Ordinal))
            {
                Assert.True(HandshakeMessage.TryDecode(bytes, out HandshakeMessage message), name);
                Assert.Equal(bytes, message.Encode());
            }
            else if (name.Contains("holepunch", StringComparison.Ordinal))
            {
                Assert.True(HolepunchMessage.TryDecode(bytes, out HolepunchMessage message), name);
                Assert.Equal(bytes, message.Encode());
            }
        }
    }
}
