using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Messages;

public sealed class PluginRequestTests
{
    private static readonly Bytes32 Target = Blake2b.Hash256([1]), Token = Blake2b.Hash256([2]);

    // As pluginRequest of hyperdht 6.34.0 encodes them.
    [Theory]
    [InlineData("056e6f74657302fd2c010103616263", 2, 300, "616263")]
    [InlineData("056e6f746573000100", 0, 1, null)]
    public void Requests_have_the_bytes_of_upstream(string hex, ulong version, ulong command, string? value)
    {
        byte[]? bytes = value is null ? null : Convert.FromHexString(value);
        PluginRequest request = new("notes", version, command, bytes is null ? null : (ReadOnlyMemory<byte>?)bytes);
        Assert.Equal(hex, Convert.ToHexStringLower(request.Encode()));
        Assert.True(PluginRequest.TryDecode(Convert.FromHexString(hex), out PluginRequest decoded));
        Assert.Equal(("notes", version, command, value), (decoded.Plugin, decoded.Version, decoded.Command, HexOf(decoded)));
    }

    [Fact]
    public void Requests_survive_a_round_trip_and_no_bytes_break_the_decoder()
    {
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 40], Gen.ULong[0, CompactReader.MaxInteger], Gen.Byte.Array[1, 100]).Sample((name, number, value) =>
        {
            byte[] bytes = new PluginRequest(name, number, number, value).Encode();
            return PluginRequest.TryDecode(bytes, out PluginRequest decoded) && decoded.Encode().SequenceEqual(bytes)
                && !PluginRequest.TryDecode(bytes.AsSpan(0, bytes.Length - 1), out _);
        });
        Gen.Byte.Array[0, 100].Sample(bytes => PluginRequest.TryDecode(bytes, out PluginRequest decoded) ? decoded.Plugin is not null : true);
    }

    [Fact]
    public void An_empty_value_is_none()
    {
        byte[] bytes = new PluginRequest("notes", 1, 1, ReadOnlyMemory<byte>.Empty).Encode();
        Assert.True(PluginRequest.TryDecode(bytes, out PluginRequest decoded) && decoded.Value is null);
    }

    [Fact]
    public void A_command_goes_to_one_node_or_towards_a_target()
    {
        PluginRequest request = new("notes", 1, 0, new byte[] { 7 });
        OutgoingRequest sent = request.To(PeerAddress.Loopback(1), Target, Token);
        QueryDefinition walk = request.Towards(Target);
        Assert.Equal((DhtCommand.External(10), (Bytes32?)Target, (Bytes32?)Token), (sent.Command, sent.Target, sent.Token));
        Assert.Equal((sent.Command, Target), (walk.Command, walk.Target));
        Assert.Equal(request.Encode(), sent.Value!.Value.ToArray());
        Assert.Equal(request.Encode(), walk.Value!.Value.ToArray());
    }

    private static string? HexOf(PluginRequest request) => request.Value is { } value ? Convert.ToHexStringLower(value.Span) : null;
}
