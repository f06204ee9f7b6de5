using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.SecretStream.Framing;

public sealed class SecretStreamVectorTests
{
    private static readonly JsonElement Stream = TransportVectors.Root.GetProperty("secretstream");
    private static readonly JsonElement Send = TransportVectors.Root.GetProperty("secretstream_send");

    [Fact]
    public void Namespaces_equal_the_vector()
    {
        JsonElement names = TransportVectors.Root.GetProperty("namespaces").GetProperty("secretStream");
        Assert.Equal(names.Hex32("NS_INITIATOR"), SessionConstants.InitiatorNamespace);
        Assert.Equal(names.Hex32("NS_RESPONDER"), SessionConstants.ResponderNamespace);
        Assert.Equal(names.Hex32("NS_SEND"), SessionConstants.SendNamespace);
    }

    [Theory]
    [InlineData(true, "streamIdInitiator", "initiatorSendKey")]
    [InlineData(false, "streamIdResponder", "responderSendKey")]
    public void Derived_values_equal_the_vector(bool isInitiator, string streamId, string sendKey)
    {
        Assert.Equal(Stream.Hex32(streamId), SessionConstants.StreamId(Stream.Hex("handshakeHash"), isInitiator));
        Assert.Equal(Send.Hex32(sendKey), SessionConstants.SendKey(Stream.Hex("handshakeHash"), isInitiator));
    }

    [Theory]
    [InlineData("initiator", 4)]
    [InlineData("responder", 2)]
    public void Frames_equal_the_vector_in_both_directions(string side, int count)
    {
        JsonElement vector = Stream.GetProperty(side);
        SecretStreamMachine sender = Machine(side == "initiator", new SecretStreamOptions(), vector.Hex("header"), new byte[8]);
        SecretStreamMachine receiver = Machine(side != "initiator", new SecretStreamOptions(), new byte[24], new byte[8]);
        StreamPair pair = new(sender, receiver);
        byte[] header = pair.TakeBytes(sender);
        Assert.Equal(vector.Hex("headerFrame"), header);
        receiver.HandleBytes(header, pair.Now);
        JsonElement[] frames = [.. vector.GetProperty("frames").EnumerateArray()];
        Assert.Equal(count, frames.Length);
        foreach (JsonElement frame in frames)
        {
            sender.Write(frame.Hex("plain"), pair.Now);
            byte[] sent = pair.TakeBytes(sender);
            Assert.Equal(frame.Hex("frame"), sent);
            receiver.HandleBytes(sent, pair.Now);
        }

        pair.TakeBytes(receiver);
        Assert.Equal(frames.Select(frame => frame.Hex("plain")), pair.Messages(receiver));
    }

    // The module decrypts in place, so the captured buffers hold the plaintext between the encrypted tag and the MAC.
    [Fact]
    public void A_capture_of_the_module_has_our_tags_and_macs()
    {
        JsonElement capture = Stream.GetProperty("capturedFromImplementation");
        byte[][] writes = [.. capture.GetProperty("writes").EnumerateArray().Select(write => write.Hex())];
        SecretStreamMachine sender = Machine(true, SecretStreamOptions.Dht, writes[0][^24..], new byte[8]);
        StreamPair pair = new(sender, Machine(false, SecretStreamOptions.Dht, new byte[24], new byte[8]));
        Assert.Equal(writes[0], pair.TakeBytes(sender));
        Assert.Equal(3, writes.Length);
        foreach ((byte[] write, JsonElement plain) in writes.Zip(capture.GetProperty("plaintexts").EnumerateArray()).Skip(1))
        {
            sender.Write(plain.Hex(), pair.Now);
            byte[] sent = pair.TakeBytes(sender);
            Assert.Equal(write[..4], sent[..4]);
            Assert.Equal(write[^16..], sent[^16..]);
        }
    }

    [Fact]
    public void Unordered_envelopes_equal_the_vectors()
    {
        int count = 0;
        foreach (JsonElement example in Send.GetProperty("examples").EnumerateArray())
        {
            byte[] counter = example.Hex("counter");
            counter[0]--;
            SecretStreamMachine sender = Machine(example.GetProperty("from").GetString() == "initiator", new SecretStreamOptions(), new byte[24], counter);
            sender.WriteUnordered(example.Hex("plain"));
            StreamPair pair = new(sender, Machine(false, new SecretStreamOptions(), new byte[24], new byte[8]));
            pair.TakeBytes(sender);
            Assert.Equal(example.Hex("envelope"), pair.Seen(sender).OfType<SecretStreamEffect.TransmitUnordered>().Single().Envelope.ToArray());
            count++;
        }

        Assert.Equal(2, count);
    }

    [Fact]
    public void The_unordered_counter_carries_as_a_little_endian_number()
    {
        JsonElement increment = Send.GetProperty("increment");
        UnorderedBox box = new(Session(true), new PreparedEntropy(increment.Hex("before")));
        Assert.Equal(increment.Hex("after"), box.Seal([])![..8]);
    }

    [Fact]
    public void A_whole_rpc_exchange_of_two_modules_decrypts()
    {
        JsonElement full = TransportVectors.Root.GetProperty("full_stack_rpc");
        foreach ((string direction, bool toInitiator) in new[] { ("A->B", false), ("B->A", true) })
        {
            SecretStreamMachine receiver = Machine(toInitiator, SecretStreamOptions.Dht, new byte[24], new byte[8]);
            StreamPair pair = new(receiver, Machine(!toInitiator, SecretStreamOptions.Dht, new byte[24], new byte[8]));
            foreach (byte[] payload in DataPayloads(full, direction))
                receiver.HandleBytes(payload, pair.Now);
            pair.TakeBytes(receiver);
            JsonElement[] decoded = [.. full.GetProperty("decoded").GetProperty(direction).EnumerateArray()];
            string[] expected = [.. decoded.Where(entry => entry.TryGetProperty("plain", out _)).Select(entry => entry.GetProperty("plain").GetString()!)];
            Assert.NotEmpty(expected);
            Assert.Equal(expected, pair.Messages(receiver).Select(Convert.ToHexStringLower));
        }
    }

    private static IEnumerable<byte[]> DataPayloads(JsonElement full, string direction)
        => full.GetProperty("packets").EnumerateArray()
            .Where(packet => packet.GetProperty("dir").GetString() == direction && (packet.GetProperty("type").GetInt32() & 1) != 0)
            .OrderBy(packet => packet.GetProperty("seq").GetInt64())
            .Select(packet => packet.Hex("hex")[(20 + packet.GetProperty("dataOffset").GetInt32())..]);

    private static SecretStreamMachine Machine(bool isInitiator, SecretStreamOptions options, byte[] header, byte[] counter)
        => new(Session(isInitiator), options, new PreparedEntropy(header, counter), TimeSpan.Zero);

    private static NoiseResult Session(bool isInitiator)
    {
        JsonElement noise = TransportVectors.Root.GetProperty("noise").GetProperty("ik_hyperdht");
        string own = isInitiator ? "initiator" : "responder", other = isInitiator ? "responder" : "initiator";
        return new NoiseResult(
            noise.Hex32(own + "Tx"), noise.Hex32(own + "Rx"), noise.Hex("handshakeHash"),
            noise.PublicKey(own + "StaticPublic"), noise.PublicKey(other + "StaticPublic"), isInitiator);
    }
}
