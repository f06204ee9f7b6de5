using System.Text.Json;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.SecretStream.Noise;

public sealed class NoiseVectorTests
{
    [Fact]
    public void Hmac_equals_the_four_vectors()
    {
        int count = 0;
        foreach (JsonElement vector in TransportVectors.Root.GetProperty("hmac_blake2b512").EnumerateArray())
        {
            byte[] result = new byte[64];
            KeyedHash.Hmac(vector.Hex("key"), vector.Hex("data"), [], result);
            Assert.Equal(vector.Hex("out"), result);
            count++;
        }

        Assert.Equal(4, count);
    }

    [Fact]
    public void Hkdf_equals_every_vector()
    {
        int count = 0;
        foreach (JsonElement vector in TransportVectors.Root.GetProperty("hkdf_blake2b512").EnumerateArray())
        {
            byte[][] expected = [.. vector.GetProperty("outputs").EnumerateArray().Select(output => output.Hex())];
            byte[] outputs = new byte[64 * expected.Length];
            KeyedHash.Hkdf(vector.Hex("chainingKey"), vector.Hex("inputKeyMaterial"), outputs);
            Assert.Equal(expected.SelectMany(output => output), outputs);
            count++;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public void Agreement_equals_every_vector_on_both_sides()
    {
        int count = 0;
        foreach (JsonElement vector in TransportVectors.Root.GetProperty("ed25519_dh").EnumerateArray())
        {
            KeyPair a = vector.GetProperty("a").KeyPair("seed"), b = vector.GetProperty("b").KeyPair("seed");
            Assert.True(Ed25519.TryAgree(a, b.PublicKey, out var one) && Ed25519.TryAgree(b, a.PublicKey, out var other) && one == other);
            Assert.Equal(vector.Hex32("shared"), one);
            count++;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public void Unusable_points_are_refused()
    {
        JsonElement[] vectors = [.. TransportVectors.Root.GetProperty("ed25519_dh_invalid").EnumerateArray()];
        Assert.Equal(6, vectors.Length);
        Assert.All(vectors, vector => Assert.Equal(
            vector.GetProperty("result").GetString() != "rejected",
            Ed25519.TryAgree(vector.KeyPair("scalarSeed"), vector.PublicKey("point"), out _)));
    }

    [Theory]
    [InlineData("ik_hyperdht")]
    [InlineData("ik_empty_prologue")]
    [InlineData("ik_custom")]
    [InlineData("xx_secretstream_standalone")]
    public void Handshake_equals_the_vector_message_by_message(string name)
    {
        JsonElement vector = TransportVectors.Root.GetProperty("noise").GetProperty(name);
        (NoiseHandshake initiator, NoiseHandshake responder) = Pair(vector);
        Assert.Equal(vector.Hex("h0"), initiator.State.Hash.ToArray());
        Assert.Equal(vector.Hex("h0"), responder.State.Hash.ToArray());
        Assert.Equal(vector.Hex("ck0"), initiator.State.ChainingKey.ToArray());
        foreach (JsonElement message in vector.GetProperty("messages").EnumerateArray())
        {
            bool fromInitiator = message.GetProperty("from").GetString() == "initiator";
            (NoiseHandshake from, NoiseHandshake to) = fromInitiator ? (initiator, responder) : (responder, initiator);
            byte[] sent = from.Send(message.Hex("payload"));
            Assert.Equal(message.Hex("bytes"), sent);
            Assert.True(to.TryReceive(sent, out byte[] payload));
            Assert.Equal(message.Hex("payload"), payload);
            AssertState(message.GetProperty("stateAfterSend"), from.State);
        }

        AssertResult(vector, "initiator", "responder", initiator);
        AssertResult(vector, "responder", "initiator", responder);
    }

    private static (NoiseHandshake Initiator, NoiseHandshake Responder) Pair(JsonElement vector)
    {
        PreparedEntropy first = new(vector.Hex("initiatorEphemeralSeed")), second = new(vector.Hex("responderEphemeralSeed"));
        KeyPair initiator = vector.KeyPair("initiatorStaticSeed"), responder = vector.KeyPair("responderStaticSeed");
        byte[] prologue = vector.Hex("prologue");
        return vector.GetProperty("protocolName").GetString()!.Contains("_IK_", StringComparison.Ordinal)
            ? (NoiseHandshake.InitiateIK(initiator, responder.PublicKey, prologue, first), NoiseHandshake.RespondIK(responder, prologue, second))
            : (NoiseHandshake.InitiateXX(initiator, prologue, first), NoiseHandshake.RespondXX(responder, prologue, second));
    }

    private static void AssertState(JsonElement expected, SymmetricState state)
    {
        if (expected.ValueKind == JsonValueKind.Null)
            return;
        Assert.Equal(expected.Hex("h"), state.Hash.ToArray());
        Assert.Equal(expected.Hex("ck"), state.ChainingKey.ToArray());
    }

    private static void AssertResult(JsonElement vector, string own, string other, NoiseHandshake handshake)
    {
        NoiseResult result = handshake.Result!;
        Assert.Equal(vector.Hex32(own + "Tx"), result.Tx);
        Assert.Equal(vector.Hex32(own + "Rx"), result.Rx);
        Assert.Equal(vector.Hex("handshakeHash"), result.HandshakeHash);
        Assert.Equal(vector.PublicKey(own + "StaticPublic"), result.LocalPublicKey);
        Assert.Equal(vector.PublicKey(other + "StaticPublic"), result.RemotePublicKey);
        Assert.Equal(own == "initiator", result.IsInitiator);
    }
}
