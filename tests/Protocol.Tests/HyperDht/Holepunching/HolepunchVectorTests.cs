using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

public sealed class HolepunchVectorTests
{
    [Fact]
    public void Payloads_survive_a_round_trip()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("holepunch-payload."))
        {
            Assert.True(HolepunchPayload.TryDecode(entry.Bytes("hex"), out HolepunchPayload payload));
            Assert.Equal(entry.Bytes("hex"), payload.Encode());
        }
    }

    [Fact]
    public void A_payload_is_sealed_as_upstream()
    {
        JsonElement entry = DhtVectors.Get("secure-payload");
        Assert.True(HolepunchPayload.TryDecode(entry.Bytes("plaintext"), out HolepunchPayload payload));
        FixedBytes nonce = new(entry.Bytes("nonce"));
        Assert.Equal(entry.Bytes("hex"), SecurePayload.Seal(entry.Fixed32("holepunchSecret"), payload, nonce));
    }

    [Fact]
    public void Captured_payloads_open_with_their_secret_and_with_no_other()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("live.holepunch"))
        {
            Assert.True(HolepunchMessage.TryDecode(entry.GetProperty("decoded").Bytes("value"), out HolepunchMessage message));
            Assert.True(SecurePayload.TryOpen(entry.Fixed32("holepunchSecret"), message.Payload.Span, out HolepunchPayload payload));
            JsonElement expected = entry.GetProperty("payloadDecoded");
            Assert.Equal(expected.GetProperty("round").GetUInt64(), payload.Round);
            Assert.Equal(expected.GetProperty("firewall").GetInt32(), (int)payload.Firewall);
            Assert.False(SecurePayload.TryOpen(default, message.Payload.Span, out _));
        }
    }

    [Fact]
    public void Tokens_and_the_secret_are_those_of_upstream()
    {
        JsonElement token = DhtVectors.Get("holepunch-token");
        Assert.True(PeerAddress.TryParseHost(token.GetProperty("host").GetString(), 1, out PeerAddress host));
        Assert.Equal(token.Fixed32("hex"), HolepunchSession.Token(token.Fixed32("localSecret"), host));
        JsonElement noise = DhtVectors.Get("noise-ik");
        Assert.Equal(noise.Fixed32("holepunchSecret"), HolepunchSession.SecretOf(noise.Bytes("handshakeHash")));
    }

    private sealed class FixedBytes(byte[] bytes) : IEntropy
    {
        public void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
