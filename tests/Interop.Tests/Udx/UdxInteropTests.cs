using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.Udx.Relaying;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Interop.Tests.Udx;

public sealed class UdxInteropTests
{
    private const uint OurId = 0x01020304;
    private const uint TheirId = 0x0a0b0c0d;
    private const int TenMegabytes = 10_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Ten_megabytes_come_back_from_the_javascript_stream(int lossPerMille)
    {
        using var ours = new UdpStream(OurId) { LossPerMille = lossPerMille };
        using NodePeer node = Start(ours, "echo");
        byte[] sent = new byte[TenMegabytes];
        new Random(5).NextBytes(sent);
        int written = 0;
        ours.RunUntil(
            () =>
            {
                for (; written < sent.Length && ours.IsWritable; written += 50_000)
                    ours.Write(sent.AsSpan(written, 50_000));
                return written == sent.Length;
            });
        ours.Machine.WriteEnd(ours.Now);
        ours.RunUntil(() => ours.CloseReason is not null);

        Assert.Equal(sent, ours.Received.ToArray());
        Assert.Equal(UdxCloseReason.Ended, ours.CloseReason);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sent)), (string?)node.ReadEvent("end")["hash"]);
        node.ReadEvent("close");
        Assert.Equal(0, node.WaitForExit());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Ten_megabytes_arrive_from_the_javascript_stream(int lossPerMille)
    {
        using var ours = new UdpStream(OurId) { LossPerMille = lossPerMille };
        using NodePeer node = Start(ours, "send", TenMegabytes.ToString(CultureInfo.InvariantCulture));
        ours.RunUntil(() => ours.SawEnd);
        Assert.Equal([.. Enumerable.Range(0, TenMegabytes).Select(i => (byte)(i % 65536 * 7))], ours.Received.ToArray());

        ours.Write("thanks"u8);
        ours.Machine.WriteEnd(ours.Now);
        ours.RunUntil(() => ours.CloseReason is not null);
        Assert.Equal(6, (int?)node.ReadEvent("end")["bytes"]);
        Assert.Equal(0, node.WaitForExit());
    }

    [Fact]
    public void The_javascript_stream_resets_ours()
    {
        using var ours = new UdpStream(OurId);
        using NodePeer node = Start(ours, "destroy");
        ours.Write("x"u8);
        ours.RunUntil(() => ours.CloseReason is not null);

        Assert.Equal(UdxCloseReason.ConnectionReset, ours.CloseReason);
        node.ReadEvent("close");
    }

    [Fact]
    public void Ours_resets_the_javascript_stream()
    {
        using var ours = new UdpStream(OurId);
        using NodePeer node = Start(ours, "hold");
        ours.Write("x"u8);
        ours.RunUntil(() => ours.Machine.QueuedBytes == 0);
        ours.Machine.Destroy(ours.Now);
        ours.RunUntil(() => ours.CloseReason is not null);

        Assert.Equal("ECONNRESET", (string?)node.ReadEvent("error")["code"]);
    }

    [Fact]
    public void Unordered_messages_pass_both_ways()
    {
        using var ours = new UdpStream(OurId);
        using NodePeer node = Start(ours, "hold");
        ours.Machine.SendMessage("hello"u8, ours.Now);
        ours.RunUntil(() => ours.Messages.Count == 1);

        Assert.Equal("re: hello", ours.Messages[0]);
        Assert.Equal("hello", (string?)node.ReadEvent("message")["text"]);
    }

    [Fact]
    public void Our_relay_joins_two_javascript_streams()
    {
        using var relay = new UdpRelay(20, 30);
        using NodePeer sender = NodePeer.Start("udx-stream.js", $"{relay.Port}", "20", "1", "send", "1000000");
        using NodePeer receiver = NodePeer.Start("udx-stream.js", $"{relay.Port}", "30", "2", "hold");
        relay.Connect(RelaySide.Left, (int)sender.ReadEvent("bound")["port"]!, 1);
        relay.Connect(RelaySide.Right, (int)receiver.ReadEvent("bound")["port"]!, 2);
        relay.RunInBackground();

        Assert.Equal(1_000_000, (int?)receiver.ReadEvent("end")["bytes"]);
        receiver.ReadEvent("close");
        sender.ReadEvent("close");
    }

    private static NodePeer Start(UdpStream ours, string action, string? amount = null)
    {
        NodePeer node = NodePeer.Start("udx-stream.js", [.. new[] { $"{ours.Port}", $"{OurId}", $"{TheirId}", action, amount }.OfType<string>()]);
        JsonObject bound = node.ReadEvent("bound");
        ours.Connect((int)bound["port"]!, TheirId);
        return node;
    }
}
