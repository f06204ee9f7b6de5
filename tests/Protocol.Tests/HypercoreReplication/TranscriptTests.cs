using System.Text;
using System.Text.Json;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class TranscriptTests
{
    private static readonly JsonElement[] Transcripts
        = [.. Vectors.Load("hypercore-transcripts.json").RootElement.GetProperty("transcripts").EnumerateArray()];

    public static TheoryData<string> Names => [.. Transcripts.Select(transcript => transcript.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_message_of_a_session_decodes_and_encodes_to_its_bytes(string name)
    {
        foreach (JsonElement frame in FramesOf(name))
            foreach ((int type, byte[] body) in MessagesOf(frame))
            {
                Assert.True(MessageCodec.TryDecode(type, body, out ReplicationMessage? message));
                Assert.Equal(Convert.ToHexStringLower(body), Convert.ToHexStringLower(MessageCodec.Encode(message)));
            }
    }

    [Theory]
    [InlineData("v10-v10 full linear download of 10 blocks then live append", "source", true, 10)]
    [InlineData("v10-v10 sparse get", "source", true, 10)]
    [InlineData("v10-v10 manifest core (compat:false), request manifest", "source", false, 3)]
    [InlineData("v10-v10 get beyond known length", "source", true, 10)]
    [InlineData("v10-v11 source v10 reader v11 full download", "v10", true, 5)]
    [InlineData("v11-v11 manifest core sparse get", "source", false, 5)]
    public void Answers_the_requests_of_JavaScript_with_the_bytes_of_JavaScript(string name, string source, bool compat, int blocks)
    {
        JsonElement transcript = Transcripts.First(one => one.GetProperty("name").GetString() == name);
        MemoryCore core = MemoryCore.Writer(1, compat);
        byte[] hash = Convert.FromHexString(transcript.GetProperty("handshakeHash").GetString()!);
        ReplicationEnd? end = null;
        List<string> expected = [], actual = [];
        foreach (JsonElement frame in FramesOf(name))
        {
            bool ours = frame.TryGetProperty("from", out JsonElement from) && from.GetString() == source;
            if (!frame.TryGetProperty("from", out _))
            {
                Mark(end!, frame.GetProperty("mark").GetString()!);
                continue;
            }

            if (HandshakeOf(frame) is { } handshake)
            {
                if (ours)
                    end = Begin(core, blocks, hash, handshake);
                else
                    end!.Open(handshake);
                continue;
            }

            foreach ((int type, byte[] body) in MessagesOf(frame))
            {
                if (ours && type == 3)
                    expected.Add(Convert.ToHexStringLower(body));
                else if (!ours)
                    end!.Receive(type, body);
            }
        }

        while (end!.Sent.TryDequeue(out ReplicationMessage? sent))
        {
            if (sent is DataMessage)
                actual.Add(Convert.ToHexStringLower(MessageCodec.Encode(sent)));
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), actual.Order());
    }

    [Fact]
    public void A_forged_capability_ends_the_connection()
    {
        JsonElement transcript = Transcripts.First(one => one.GetProperty("name").GetString() == "wrong capability");
        byte[] hash = Convert.FromHexString(transcript.GetProperty("handshakeHash").GetString()!);
        byte[][] handshakes = [.. FramesOf("wrong capability").Select(HandshakeOf).OfType<byte[]>()];
        ReplicationEnd end = new(MemoryCore.Writer(1, compat: true), initiator: true, handshakeHash: hash);
        end.Open(handshakes[1]);
        Assert.Equal(new ReplicationEffect.DestroyConnection(CloseReason.WrongCapability), Assert.Single(end.Ended));
        Assert.Empty(end.Sent);
    }

    private static ReplicationEnd Begin(MemoryCore core, int blocks, byte[] hash, byte[] handshake)
    {
        core.Append([.. Enumerable.Range(0, blocks).Select(index => Encoding.UTF8.GetBytes($"block-{index}"))]);
        byte[] own = ChannelHandshake.For(core.Key, hash, initiator: true).Encode();
        Assert.Equal(Convert.ToHexStringLower(handshake), Convert.ToHexStringLower(own));
        return new ReplicationEnd(core, initiator: true, handshakeHash: hash);
    }

    private static void Mark(ReplicationEnd end, string mark)
    {
        int at = mark.IndexOf("appends block-", StringComparison.Ordinal);
        if (at >= 0)
            end.Append(mark[(at + "appends ".Length)..]);
    }

    private static JsonElement[] FramesOf(string name)
        => [.. Transcripts.First(one => one.GetProperty("name").GetString() == name).GetProperty("frames").EnumerateArray()];

    private static byte[]? HandshakeOf(JsonElement frame)
    {
        if (!frame.TryGetProperty("messages", out JsonElement messages) || messages.GetArrayLength() == 0)
            return null;
        if (!messages[0].TryGetProperty("handshake", out JsonElement handshake))
            return null;
        return [1, .. Convert.FromHexString(handshake.GetProperty("capability").GetString()!)];
    }

    private static IEnumerable<(int Type, byte[] Body)> MessagesOf(JsonElement frame)
    {
        if (!frame.TryGetProperty("hex", out JsonElement hex))
            yield break;
        PacketReader reader = new(Convert.FromHexString(hex.GetString()!), maxBatchDepth: 8);
        while (reader.TryNext(out ulong channel, out ReadOnlyMemory<byte> body))
            if (channel != 0)
                yield return (body.Span[0], body[1..].ToArray());
    }
}
