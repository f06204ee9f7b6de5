using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

public sealed class NatAnalysisTests
{
    [Fact]
    public void Verdicts_are_those_of_upstream_after_every_sample()
    {
        foreach (JsonElement entry in DhtVectors.StartingWith("nat-analysis."))
        {
            NatAnalysis nat = new(isFirewalled: true, wanted: 4);
            foreach (JsonElement step in entry.GetProperty("steps").EnumerateArray())
            {
                nat.Add(step.Address("add"), step.Address("from"));
                Assert.Equal(step.GetProperty("firewall").GetString(), nat.Firewall.ToString().ToUpperInvariant());
                bool isKnown = step.GetProperty("addresses").ValueKind != JsonValueKind.Null;
                Assert.Equal(isKnown ? step.Addresses("addresses") : null, nat.Addresses);
            }
        }
    }

    [Fact]
    public void A_source_has_one_voice()
    {
        NatAnalysis nat = new(isFirewalled: true, wanted: 4);
        for (int i = 0; i < 10; i++)
            nat.Add(PeerAddress.Loopback(1), PeerAddress.Loopback(2));
        Assert.Equal((1, FirewallState.Unknown, false), (nat.SampleCount, nat.Firewall, nat.IsComplete));
    }

    [Fact]
    public void A_verdict_that_the_remote_knows_stays()
    {
        NatAnalysis nat = new(isFirewalled: true, wanted: 4);
        for (int i = 1; i <= 3; i++)
            nat.Add(PeerAddress.Loopback(1), PeerAddress.Loopback(10 + i));
        nat.IsFrozen = true;
        for (int i = 1; i <= 9; i++)
            nat.Add(PeerAddress.Loopback(100 + i), PeerAddress.Loopback(20 + i));
        Assert.Equal(FirewallState.Consistent, nat.Firewall);
    }

    [Fact]
    public void A_node_without_firewall_is_open_with_the_first_sample()
    {
        NatAnalysis nat = new(isFirewalled: false, wanted: 4);
        Assert.Equal((FirewallState.Open, false), (nat.Firewall, nat.IsComplete));
        nat.Add(PeerAddress.Loopback(1), PeerAddress.Loopback(2));
        Assert.True(nat.IsComplete);
        Assert.Null(nat.Addresses);
    }

    [Fact]
    public void With_nobody_to_ask_the_analysis_is_over()
    {
        NatAnalysis nat = new(isFirewalled: true, wanted: 4);
        nat.Exhaust();
        Assert.Equal((true, FirewallState.Unknown), (nat.IsComplete, nat.Firewall));
    }
}
