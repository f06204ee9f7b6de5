using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace AuctionActors.Protocol.Tests.DhtRpc.Messages;

public sealed class DhtMessageVectorTests
{
    private static readonly JsonDocument Document = Vectors.Load("dht.json");

    public static TheoryData<string> Captures()
        => new(Document.RootElement.EnumerateArray().Where(IsCapture).Select(Name));

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_captured_datagram_is_decoded_field_by_field(string name)
    {
        JsonElement vector = Find(name);
        JsonElement decoded = vector.GetProperty("decoded");
        Assert.True(DhtMessageCodec.TryDecode(Bytes(vector), out DhtMessage? message));
        Assert.Equal(decoded.GetProperty("tid").GetInt32(), message.TransactionId);
        Assert.Equal(decoded.GetProperty("to").GetString(), message.To.ToString());
        Assert.Equal(decoded.GetProperty("id").GetString(), message.Id?.Value.ToHex());
        Assert.Equal(decoded.GetProperty("token").GetString(), message.Token?.ToHex());
        Assert.Equal(decoded.GetProperty("value").GetString(), message.Value is { } value ? Convert.ToHexStringLower(value.Span) : null);
        if (message is DhtRequest request)
            CheckRequest(decoded, request);
        else
            CheckReply(decoded, Assert.IsType<DhtReply>(message));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_captured_datagram_is_encoded_to_the_same_bytes(string name)
    {
        byte[] datagram = Bytes(Find(name));
        Assert.True(DhtMessageCodec.TryDecode(datagram, out DhtMessage? message));
        Assert.Equal(Convert.ToHexString(datagram), Convert.ToHexString(DhtMessageCodec.Encode(message)));
    }

    [Fact]
    public void The_vectors_hold_captures_of_requests_and_replies()
        => Assert.InRange(Document.RootElement.EnumerateArray().Count(IsCapture), 60, 200);

    [Theory]
    [InlineData("node-id.127.0.0.1:49737")]
    [InlineData("node-id.127.0.0.1:40101")]
    [InlineData("node-id.88.99.3.86:49737")]
    [InlineData("node-id.1.2.3.4:1")]
    public void A_node_id_is_the_hash_of_the_address(string name)
    {
        JsonElement vector = Find(name);
        ushort port = vector.GetProperty("port").GetUInt16();
        Assert.True(PeerAddress.TryParseHost(vector.GetProperty("host").GetString(), port, out PeerAddress address));
        Assert.Equal(vector.GetProperty("hex").GetString(), NodeId.Of(address).ToString());
    }

    private static void CheckRequest(JsonElement decoded, DhtRequest request)
    {
        Assert.Equal("request", decoded.GetProperty("kind").GetString());
        Assert.Equal(decoded.GetProperty("internal").GetBoolean(), request.Command.IsInternal);
        Assert.Equal(decoded.GetProperty("command").GetUInt64(), request.Command.Number);
        Assert.Equal(decoded.GetProperty("target").GetString(), request.Target?.ToHex());
    }

    private static void CheckReply(JsonElement decoded, DhtReply reply)
    {
        Assert.Equal("response", decoded.GetProperty("kind").GetString());
        Assert.Equal(decoded.GetProperty("error").GetUInt64(), (ulong)reply.Error);
        JsonElement nodes = decoded.GetProperty("closerNodes");
        string?[] expected = nodes.ValueKind == JsonValueKind.Null ? [] : [.. nodes.EnumerateArray().Select(node => node.GetString())];
        Assert.Equal(expected, reply.CloserNodes.Select(node => node.ToString()));
    }

    private static bool IsCapture(JsonElement vector)
        => vector.TryGetProperty("decoded", out JsonElement decoded) && decoded.TryGetProperty("kind", out _);

    private static string Name(JsonElement vector) => vector.GetProperty("name").GetString()!;

    private static JsonElement Find(string name) => Document.RootElement.EnumerateArray().First(vector => Name(vector) == name);

    private static byte[] Bytes(JsonElement vector) => Convert.FromHexString(vector.GetProperty("hex").GetString()!);
}
