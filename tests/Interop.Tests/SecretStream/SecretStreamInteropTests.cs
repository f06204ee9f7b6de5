using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Interop.Tests.SecretStream;

/// <summary>Noise, secret stream, Protomux and RPC against the JavaScript modules over plain TCP.</summary>
public sealed class SecretStreamInteropTests
{
    private static readonly SeededEntropy Entropy = new(11, "secret stream interop");
    private static readonly KeyPair Ours = KeyPair.Generate(Entropy);
    private static readonly PublicKey Theirs = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)7, 32)])).PublicKey;

    public static TheoryData<NoisePattern, bool> Handshakes => new()
    {
        { NoisePattern.XX, true },
        { NoisePattern.XX, false },
        { NoisePattern.IK, true },
        { NoisePattern.IK, false },
    };

    [Theory]
    [MemberData(nameof(Handshakes))]
    public void Calls_pass_in_both_directions_over_a_stream_of_our_own(NoisePattern pattern, bool weInitiate)
    {
        using TcpListener listener = TcpRpcPeer.Listen();
        using NodePeer node = Start(listener, pattern, weInitiate);
        using TcpRpcPeer peer = Accept(listener, pattern, weInitiate);
        SecretStreamEffect.Opened opened = peer.PumpUntil(() => peer.StreamEffects.OfType<SecretStreamEffect.Opened>().FirstOrDefault())!;
        peer.Rpc.AddMethod(new RpcMethod("echo"));
        peer.OpenRpc("id"u8.ToArray());

        Assert.Equal([1, 2, 3], Value(peer.Call("echo", [1, 2, 3])));
        Assert.Equal(new byte[500_000], Value(peer.Call("echo", new byte[500_000])));
        Assert.Equal([9, 9], Value(peer.Call("callback", [9, 9])));
        RpcError error = Assert.IsType<RpcEffect.RequestFailed>(peer.Call("fail", [])).Error;
        Assert.Equal(new RpcError("REQUEST_ERROR", "Request failed", new RpcErrorCause("on purpose", "PURPOSE", "a test")), error);

        JsonObject seen = node.ReadEvent("opened");
        Assert.Equal(Ours.PublicKey.ToHex(), (string?)seen["remotePublicKey"]);
        Assert.Equal(Convert.ToHexStringLower(opened.Session.HandshakeHash), (string?)seen["handshakeHash"]);
        Assert.Equal(Theirs, opened.Session.RemotePublicKey);
        JsonObject called = node.ReadEvent("called");
        Assert.Equal("0909", (string?)called["small"]);
        Assert.Equal(300_000, (int?)called["large"]);
        Assert.Equal("UNKNOWN_METHOD: Unknown method 'nope'", (string?)called["error"]);
    }

    [Fact]
    public void A_channel_that_nobody_serves_is_rejected_and_the_end_is_clean()
    {
        using TcpListener listener = TcpRpcPeer.Listen();
        using NodePeer node = Start(listener, NoisePattern.XX, weInitiate: true);
        using TcpRpcPeer peer = Accept(listener, NoisePattern.XX, weInitiate: true);
        peer.PumpUntil(() => peer.StreamEffects.OfType<SecretStreamEffect.Opened>().FirstOrDefault());
        peer.OpenRpc("id"u8.ToArray());
        foreach (string protocol in new[] { "unknown", "declined" })
        {
            Assert.True(peer.Mux.TryOpenChannel(new ChannelRequest(protocol, default, 1), out int channel));
            peer.Mux.Send(channel, 0, [1, 2, 3]);
            var end = peer.PumpUntil(() => peer.MuxEffects.OfType<ProtomuxEffect.ChannelClosed>().FirstOrDefault(closed => closed.Channel == channel));
            Assert.True(end!.IsRejected);
        }

        // A close before the answer must not disturb what follows.
        Assert.True(peer.Mux.TryOpenChannel(new ChannelRequest("unknown", default, 1), out int hasty));
        peer.Mux.Close(hasty);
        Assert.IsType<RpcEffect.ResponseReceived>(peer.Call("echo", [1]));
        Assert.IsType<RpcEffect.ResponseReceived>(peer.Call("end", []));
        peer.PumpUntil(() => peer.StreamEffects.OfType<SecretStreamEffect.RemoteEnded>().FirstOrDefault());
        peer.PumpUntil(() => peer.StreamEffects.OfType<SecretStreamEffect.FinishTransmission>().FirstOrDefault());
        node.ReadEvent("closed");
        Assert.Equal(0, node.WaitForExit());
    }

    [Fact]
    public void A_tampered_frame_makes_the_module_destroy_the_stream()
    {
        using TcpListener listener = TcpRpcPeer.Listen();
        using NodePeer node = Start(listener, NoisePattern.XX, weInitiate: true);
        using TcpRpcPeer peer = Accept(listener, NoisePattern.XX, weInitiate: true);
        peer.PumpUntil(() => peer.StreamEffects.OfType<SecretStreamEffect.Opened>().FirstOrDefault());
        peer.SendRaw([0x11, 0, 0, .. new byte[17]]);
        Assert.NotNull(node.ReadEvent("error"));
        node.ReadEvent("closed");
    }

    private static byte[] Value(RpcEffect effect) => Assert.IsType<RpcEffect.ResponseReceived>(effect).Value.ToArray();

    private static NodePeer Start(TcpListener listener, NoisePattern pattern, bool weInitiate)
    {
        List<string> arguments = ["--port", $"{((IPEndPoint)listener.LocalEndpoint).Port}", "--pattern", pattern.ToString()];
        if (!weInitiate)
            arguments.AddRange(["--initiator", "--key", Ours.PublicKey.ToHex()]);
        return NodePeer.Start("secret-stream.js", [.. arguments]);
    }

    private static TcpRpcPeer Accept(TcpListener listener, NoisePattern pattern, bool weInitiate)
        => new(listener, now => new SecretStreamMachine(Handshake(pattern, weInitiate), SecretStreamOptions.Dht, Entropy, now));

    private static NoiseHandshake Handshake(NoisePattern pattern, bool weInitiate) => (pattern, weInitiate) switch
    {
        (NoisePattern.IK, true) => NoiseHandshake.InitiateIK(Ours, Theirs, [], Entropy),
        (NoisePattern.IK, false) => NoiseHandshake.RespondIK(Ours, [], Entropy),
        (_, true) => NoiseHandshake.InitiateXX(Ours, [], Entropy),
        _ => NoiseHandshake.RespondXX(Ours, [], Entropy),
    };
}
