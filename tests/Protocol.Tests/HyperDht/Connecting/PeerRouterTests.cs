using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class PeerRouterTests
{
    private static readonly Bytes32 Target = Blake2b.Hash256([1]);
    private static readonly PeerAddress Client = PeerAddress.Loopback(1), Server = PeerAddress.Loopback(2), Other = PeerAddress.Loopback(3);
    private static readonly byte[] Noise = [1];
    private readonly ForwardTable _forwards = new(new RecordOptions());
    private readonly PeerRouter _router;

    public PeerRouterTests() => _router = new PeerRouter(_forwards);

    [Theory]
    [InlineData("live.handshake.FROM_CLIENT", "live.handshake.FROM_RELAY")]
    [InlineData("live.handshake.FROM_SERVER", "live.handshake.REPLY")]
    [InlineData("live.open.handshake.FROM_CLIENT", "live.open.handshake.FROM_RELAY")]
    [InlineData("live.open.handshake.FROM_SERVER", "live.open.handshake.REPLY")]
    [InlineData("live.handshake2.FROM_CLIENT", "live.handshake2.FROM_RELAY")]
    [InlineData("live.handshake2.FROM_RELAY", "live.handshake2.FROM_SECOND_RELAY")]
    [InlineData("live.handshake2.FROM_SERVER", "live.handshake2.REPLY")]
    [InlineData("live.holepunch.round1.FROM_CLIENT", "live.holepunch.round1.FROM_RELAY")]
    [InlineData("live.holepunch.round1.FROM_SERVER", "live.holepunch.round1.REPLY")]
    [InlineData("live.holepunch-full.round2.FROM_CLIENT", "live.holepunch-full.round2.FROM_RELAY")]
    [InlineData("live.holepunch-full.round2.FROM_SERVER", "live.holepunch-full.round2.REPLY")]
    public void Captured_messages_are_passed_on_as_captured(string received, string sent)
    {
        JsonElement input = DhtVectors.Get(received), output = DhtVectors.Get(sent);
        Bytes32 target = input.GetProperty("decoded").Fixed32("target");
        _forwards.Announce(target, output.Address("dst"), ReadOnlyMemory<byte>.Empty, default);
        byte[] value = input.GetProperty("decoded").Bytes("value");

        PeerRoute route = received.Contains("holepunch", StringComparison.Ordinal)
            ? _router.RouteHolepunch(target, value, input.Address("src"), default)
            : _router.RouteHandshake(target, value, input.Address("src"), default);

        (ReadOnlyMemory<byte> passed, PeerAddress to) = route switch
        {
            PeerRoute.Forward forward => (forward.Value, forward.To),
            PeerRoute.Answer answer => (answer.Value, answer.To),
            _ => throw new InvalidOperationException(route.ToString()),
        };
        Assert.Equal(output.Address("dst"), to);
        Assert.Equal(DhtVectors.Hex(DhtVectors.Value(sent)), DhtVectors.Hex(passed));
        Assert.Equal(output.GetProperty("decoded").GetProperty("kind").GetString() == "response", route is PeerRoute.Answer);
    }

    [Fact]
    public void A_client_that_asks_for_an_unknown_server_is_led_to_closer_nodes()
        => Assert.IsType<PeerRoute.CloserNodes>(Handshake(PeerRoutingMode.FromClient));

    [Fact]
    public void A_handshake_without_a_word_is_nobodys_as_it_is_upstream()
    {
        _forwards.Host(Target, ReadOnlyMemory<byte>.Empty);
        foreach (Bytes32 target in (Bytes32[])[Target, Blake2b.Hash256([2])])
        {
            byte[] empty = new HandshakeMessage(PeerRoutingMode.FromClient, ReadOnlyMemory<byte>.Empty).Encode();
            Assert.IsType<PeerRoute.Silence>(_router.RouteHandshake(target, empty, Client, default));
        }

        Assert.Equal(2, _router.DroppedCount);
    }

    [Fact]
    public void A_client_may_name_the_next_relay()
    {
        HandshakeMessage message = new(PeerRoutingMode.FromClient, new byte[] { 1 }, null, Other);
        PeerRoute.Forward route = Assert.IsType<PeerRoute.Forward>(_router.RouteHandshake(Target, message.Encode(), Client, default));
        Assert.Equal(Other, route.To);
    }

    [Theory]
    [InlineData(PeerRoutingMode.FromRelay)]
    [InlineData(PeerRoutingMode.FromSecondRelay)]
    [InlineData(PeerRoutingMode.FromServer)]
    [InlineData(PeerRoutingMode.Reply)]
    [InlineData((PeerRoutingMode)99)]
    public void Messages_that_lead_nowhere_are_dropped_and_counted(PeerRoutingMode mode)
    {
        Assert.IsType<PeerRoute.Silence>(Handshake(mode));
        Assert.Equal(1, _router.DroppedCount);
    }

    [Fact]
    public void Undecodable_values_are_dropped()
    {
        Assert.IsType<PeerRoute.Silence>(_router.RouteHandshake(Target, new byte[] { 0, 0, 9 }, Client, default));
        Assert.IsType<PeerRoute.Silence>(_router.RouteHandshake(Target, null, Client, default));
        Assert.IsType<PeerRoute.Silence>(_router.RouteHolepunch(Target, new byte[] { 1, 0 }, Client, default));
    }

    [Fact]
    public void A_hosted_server_accepts_handshakes_on_all_three_ways()
    {
        _forwards.Host(Target, ReadOnlyMemory<byte>.Empty);
        Assert.Equal((Client, true, null), Accepted(new HandshakeMessage(PeerRoutingMode.FromClient, Noise), Client));
        Assert.Equal((Client, false, Server), Accepted(new HandshakeMessage(PeerRoutingMode.FromRelay, Noise, Client), Server));
        HandshakeMessage second = new(PeerRoutingMode.FromSecondRelay, Noise, Client, Other);
        Assert.Equal((Client, false, Other), Accepted(second, Server));
        Assert.IsType<PeerRoute.Silence>(Handshake(PeerRoutingMode.FromSecondRelay));
        Assert.IsType<PeerRoute.Silence>(Handshake(PeerRoutingMode.Reply));
    }

    [Fact]
    public void An_announcement_does_not_take_over_a_hosted_server()
    {
        _forwards.Host(Target, ReadOnlyMemory<byte>.Empty);
        _forwards.Announce(Target, Other, ReadOnlyMemory<byte>.Empty, default);
        Assert.IsType<PeerRoute.Accept>(Handshake(PeerRoutingMode.FromClient));
    }

    private (PeerAddress Client, bool Direct, PeerAddress? AnswerTo) Accepted(HandshakeMessage message, PeerAddress from)
    {
        PeerRoute.Accept accept = Assert.IsType<PeerRoute.Accept>(_router.RouteHandshake(Target, message.Encode(), from, default));
        return (accept.ClientAddress, accept.IsDirect, accept.AnswerTo);
    }

    private PeerRoute Handshake(PeerRoutingMode mode)
        => _router.RouteHandshake(Target, new HandshakeMessage(mode, new byte[] { 1 }).Encode(), Client, default);
}
