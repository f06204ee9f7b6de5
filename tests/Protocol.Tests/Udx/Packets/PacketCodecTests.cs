using System.Text.Json;
using CsCheck;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Protocol.Tests.Udx.Packets;

public sealed class PacketCodecTests
{
    public static IEnumerable<object[]> VectorPackets()
    {
        using JsonDocument document = Vectors.Load("transport.json");
        foreach (JsonProperty scenario in document.RootElement.GetProperty("udx").EnumerateObject())
        {
            if (scenario.Value.ValueKind != JsonValueKind.Object)
                continue;
            int index = 0;
            foreach (JsonElement packet in scenario.Value.GetProperty("packets").EnumerateArray())
            {
                if (packet.TryGetProperty("hex", out JsonElement hex) && !hex.GetString()!.EndsWith('.'))
                    yield return [scenario.Name, index, packet.GetRawText()];
                index++;
            }
        }
    }

    [Theory]
    [MemberData(nameof(VectorPackets))]
    public void Captured_packets_decode_to_their_fields(string scenario, int index, string json)
    {
        JsonElement expected = JsonDocument.Parse(json).RootElement;
        byte[] datagram = Convert.FromHexString(expected.GetProperty("hex").GetString()!);

        Assert.True(PacketCodec.TryDecode(datagram, out Packet packet), $"{scenario} {index}");
        Assert.Equal(expected.GetProperty("type").GetInt32(), (int)packet.Header.Flags);
        Assert.Equal(expected.GetProperty("dataOffset").GetInt32(), packet.Header.DataOffset);
        Assert.Equal(expected.GetProperty("remoteId").GetUInt32(), packet.Header.StreamId);
        Assert.Equal(expected.GetProperty("rwnd").GetUInt32(), packet.Header.ReceiveWindow);
        Assert.Equal(expected.GetProperty("seq").GetUInt32(), packet.Header.Sequence);
        Assert.Equal(expected.GetProperty("ack").GetUInt32(), packet.Header.Acknowledgement);
        Assert.Equal(expected.GetProperty("payloadLength").GetInt32(), packet.Payload.Length);
        Assert.Equal(ExpectedBlocks(expected), Blocks(packet));

        byte[] encoded = new byte[PacketHeader.EncodedSize];
        packet.Header.Encode(encoded);
        Assert.Equal(datagram[..PacketHeader.EncodedSize], encoded);
    }

    [Fact]
    public void Headers_survive_a_round_trip()
        => Gen.Select(Gen.Byte, Gen.Byte, Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt)
            .Sample((flags, offset, id, window, sequence, acknowledgement) =>
        {
            var header = new PacketHeader((PacketFlags)flags, offset, id, window, sequence, acknowledgement);
            byte[] bytes = new byte[PacketHeader.EncodedSize];
            header.Encode(bytes);
            return PacketHeader.TryDecode(bytes, out PacketHeader read) && read == header
                && PacketCodec.TryPeekStreamId(bytes, out uint peeked) && peeked == id;
        });

    [Fact]
    public void The_decoder_is_total_on_random_bytes()
        => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 64]).Sample((looksLikeUdx, bytes) =>
        {
            if (looksLikeUdx && bytes.Length >= 2)
                (bytes[0], bytes[1]) = (0xff, 1);
            if (!PacketCodec.TryDecode(bytes, out Packet packet))
                return true;
            for (int i = 0; i < packet.SackCount; i++)
                _ = SackBlock.Read(packet.SackArea, i);
            return packet.Payload.Length + packet.SackArea.Length + PacketHeader.EncodedSize <= bytes.Length;
        });

    [Theory]
    [InlineData("ff020100222222220000400000000000000000", "version 2")]
    [InlineData("fe01010022222222000040000000000000000000", "magic")]
    [InlineData("ff010100", "too short")]
    [InlineData("ff01010122222222000040000000000000000000", "data offset past the end")]
    public void Anything_else_is_not_udx(string hex, string why)
        => Assert.False(PacketCodec.TryDecode(Convert.FromHexString(hex), out _), why);

    [Fact]
    public void Sack_blocks_may_come_before_a_payload()
    {
        byte[] datagram = Convert.FromHexString("ff0105082222222200004000000000000000000002000000030000006869");

        Assert.True(PacketCodec.TryDecode(datagram, out Packet packet));
        Assert.Equal([new SackBlock(2, 3)], Blocks(packet));
        Assert.Equal("hi"u8.ToArray(), packet.Payload.ToArray());
    }

    private static SackBlock[] Blocks(in Packet packet)
    {
        var blocks = new SackBlock[packet.SackCount];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = SackBlock.Read(packet.SackArea, i);
        return blocks;
    }

    private static SackBlock[] ExpectedBlocks(JsonElement packet)
        => packet.TryGetProperty("sacks", out JsonElement sacks)
            ? [.. sacks.EnumerateArray().Select(block => new SackBlock(block[0].GetUInt32(), block[1].GetUInt32()))]
            : [];
}
