using System.Runtime.InteropServices;
using System.Text.Json;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class MessageCodecTests
{
    private static readonly JsonElement Document = Vectors.Load("hypercore.json").RootElement;

    public static TheoryData<int> Messages => [.. Enumerable.Range(0, Document.GetProperty("messages").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_either_version_decodes_and_encodes_to_its_bytes(int number)
    {
        JsonElement vector = Document.GetProperty("messages")[number];
        string v10 = vector.GetProperty("v10").GetString()!;
        string v11 = vector.GetProperty("v11").GetString()!;
        foreach (string hex in v11 == "same" ? [v10] : new[] { v10, v11 })
            Assert.Equal(hex, Reencode(vector.GetProperty("type"), Convert.FromHexString(hex)));
    }

    [Fact]
    public void The_first_request_vector_holds_what_JavaScript_decoded()
    {
        JsonElement vector = Document.GetProperty("messages").EnumerateArray()
            .First(message => message.GetProperty("name").GetString() == "request");
        byte[] body = Convert.FromHexString(vector.GetProperty("v10").GetString()!);
        Assert.True(MessageCodec.TryDecode(1, body, out ReplicationMessage? message));
        RequestMessage request = Assert.IsType<RequestMessage>(message);
        Assert.Equal((1, 0, 5, 2), (request.Id, request.Fork, request.Parts.Block!.Value.Index, request.Parts.Block.Value.Nodes));
        Assert.Equal((0, 10), (request.Parts.Upgrade!.Value.Start, request.Parts.Upgrade.Value.Length));
        Assert.True(request.Manifest);
        Assert.Equal(1, request.Priority);
    }

    [Fact]
    public void The_capability_depends_on_the_role_as_in_JavaScript()
    {
        JsonElement vector = Document.GetProperty("capability");
        Assert.True(CoreKey.TryParse(vector.GetProperty("key").GetString(), out CoreKey key));
        byte[] hash = Convert.FromHexString(vector.GetProperty("handshakeHash").GetString()!);
        foreach (bool initiator in new[] { true, false })
        {
            string expected = vector.GetProperty(initiator ? "initiator" : "responder").GetString()!;
            Assert.Equal(expected, ChannelHandshake.For(key, hash, initiator).Capability.ToHex());
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
        => Gen.Select(Gen.Int[0, 12], Gen.Byte.Array[0, 120]).Sample(
            (type, bytes) =>
            {
                _ = MessageCodec.TryDecode(type, bytes, out _);
            },
            iter: 20_000);

    [Fact]
    public void A_count_beyond_the_message_is_refused_without_allocating()
    {
        byte[] claims = new CompactWriter().UInt(8u).UInt(1u).UInt(0u).UInt(0u).UInt(1u).UInt(0x100000u).ToArray();
        Assert.False(MessageCodec.TryDecode(3, claims, out _));
        Assert.False(MessageCodec.TryDecode(7, new CompactWriter().UInt(0u).UInt(1u << 30).ToArray(), out _));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1 << 14)]
    [InlineData(1 << 16)]
    public void Blocks_of_any_length_are_decoded_whether_or_not_they_are_copied(int length)
    {
        byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        MerkleNode[] nodes = [new MerkleNode(4, 10, Bytes32.Zero), new MerkleNode(9, 1L << 40, Bytes32.Zero)];
        byte[] body = MessageCodec.Encode(new DataMessage(7, new MerkleProof(0, new BlockProof(1, value, nodes))));
        Assert.True(MessageCodec.TryDecode(3, body, out ReplicationMessage? message));
        BlockProof block = Assert.IsType<DataMessage>(message).Proof.Block!;
        Assert.Equal(value, block.Value.ToArray());
        Assert.Equal(nodes, block.Nodes);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(65, false)]
    public void A_block_stays_in_a_frame_that_is_not_much_longer(int timesAsLong, bool stays)
    {
        byte[] body = MessageCodec.Encode(new DataMessage(7, new MerkleProof(0, new BlockProof(1, new byte[1024], []))));
        byte[] frame = new byte[timesAsLong * 1024];
        body.CopyTo(frame, 100);
        Assert.True(MessageCodec.TryDecode(3, frame.AsMemory(100, body.Length), out ReplicationMessage? message));
        Assert.True(MemoryMarshal.TryGetArray(Assert.IsType<DataMessage>(message).Proof.Block!.Value, out ArraySegment<byte> place));
        Assert.Equal(stays, ReferenceEquals(frame, place.Array));
    }

    [Fact]
    public void Messages_that_are_encoded_side_by_side_have_the_bytes_of_each_alone()
    {
        MessageMemory memory = new();
        List<(byte[] Alone, ReadOnlyMemory<byte> Shared)> pairs = [];
        Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 20], Gen.Bool).Sample(
            (length, nodes, ends) =>
            {
                byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)(i + nodes))];
                MerkleNode[] many = [.. Enumerable.Repeat(new MerkleNode(4, 10, Bytes32.Zero), 3 * nodes)];
                UpgradeProof upgrade = new(0, 5, many, [], value.AsMemory(0, Math.Min(length, 64)));
                DataMessage message = new(length, new MerkleProof(0, new BlockProof(1, value, []), Upgrade: nodes > 10 ? upgrade : null));
                pairs.Add((MessageCodec.Encode(message), memory.Encode(message)));
                pairs.Add((MessageCodec.Encode(new CancelMessage(nodes)), memory.Encode(new CancelMessage(nodes))));
                if (ends)
                    memory.End();
            },
            iter: 300,
            threads: 1);
        Assert.All(pairs, pair => Assert.Equal(pair.Alone, pair.Shared.ToArray()));
    }

    private static string Reencode(JsonElement type, byte[] body)
    {
        if (type.ValueKind == JsonValueKind.Null)
        {
            Assert.True(ChannelHandshake.TryDecode(body, out ChannelHandshake handshake));
            return Convert.ToHexStringLower(handshake.Encode());
        }

        Assert.True(MessageCodec.TryDecode(type.GetInt32(), body, out ReplicationMessage? message));
        return Convert.ToHexStringLower(MessageCodec.Encode(message));
    }
}
