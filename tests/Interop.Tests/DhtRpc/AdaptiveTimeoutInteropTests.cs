using System.Text.Json;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Interop.Tests.DhtRpc;

public sealed class AdaptiveTimeoutInteropTests
{
    private static readonly PeerAddress Node = PeerAddress.Loopback(1);

    [Fact]
    public void Answers_are_awaited_as_long_as_JavaScript_awaits_them()
    {
        SeededEntropy entropy = new(1, "round trips");
        using NodePeer peer = NodePeer.Start("adaptive-timeout.js");
        foreach (int longest in (int[])[5, 60, 400, 2500, 9000])
        {
            int[] samples = [.. Enumerable.Range(0, 200).Select(_ => entropy.NextInt32(longest))];
            peer.WriteLine(JsonSerializer.Serialize(samples));
            JsonArray theirs = peer.ReadJson()["answers"]!.AsArray();
            AdaptiveTimeouts ours = new(new AdaptiveTimeoutOptions { Jitter = TimeSpan.Zero }, entropy);
            Assert.Equal(samples.Length + 1, theirs.Count);
            Assert.Equal(Times(theirs[0]!), Times(ours));
            for (int i = 0; i < samples.Length; i++)
            {
                ours.Note(Node, TimeSpan.FromMilliseconds(samples[i]), TimeSpan.Zero);
                Assert.Equal(Times(theirs[i + 1]!), Times(ours));
            }
        }
    }

    private static int[] Times(JsonNode theirs) => [.. theirs.AsArray().Select(time => (int)time!)];

    private static int[] Times(AdaptiveTimeouts ours)
        => [.. Enumerable.Range(1, 6).Select(count => (int)ours.After(Node, count, TimeSpan.Zero).TotalMilliseconds)];
}
