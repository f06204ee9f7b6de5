using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Concludes from what others say about one socket whether its outer port is the same for everybody.</summary>
internal sealed class NatAnalysis
{
    private const int FewestSamples = 3;
    private readonly int _wanted;
    private readonly bool _isFirewalled;
    private readonly List<Sample> _addresses = [];
    private readonly List<Sample> _hosts = [];
    private readonly HashSet<PeerAddress> _sources = [];
    private bool _isExhausted;

    /// <param name="isFirewalled">A node that is not firewalled is open without further analysis.</param>
    /// <param name="wanted">Samples that are enough for a verdict.</param>
    public NatAnalysis(bool isFirewalled, int wanted)
    {
        (_isFirewalled, _wanted) = (isFirewalled, wanted);
        Firewall = isFirewalled ? FirewallState.Unknown : FirewallState.Open;
    }

    public FirewallState Firewall { get; private set; }

    /// <summary>What to tell the remote; port 0 when the ports are random; absent while nothing is known.</summary>
    public IReadOnlyList<PeerAddress>? Addresses { get; private set; }

    public int SampleCount { get; private set; }

    /// <summary>The remote has been told the verdict: it stays as it is.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>More samples would not change much, or none are to be had.</summary>
    public bool IsComplete
        => _isExhausted || SampleCount >= _wanted || (SampleCount > 0 && Firewall is FirewallState.Consistent or FirewallState.Open);

    /// <summary>Everybody reaches us at the same port.</summary>
    public bool IsConsistent => Firewall is FirewallState.Open or FirewallState.Consistent;

    /// <summary>Nobody is left to ask.</summary>
    public void Exhaust() => _isExhausted = true;

    /// <summary>Counts the first word of each source.</summary>
    public void Add(PeerAddress seenAs, PeerAddress source)
    {
        if (!_sources.Add(source))
            return;
        Count(_hosts, seenAs with { Port = 0 });
        Count(_addresses, seenAs);
        SampleCount++;
        if (!_isFirewalled || IsFrozen || SampleCount < FewestSamples)
            return;
        Firewall = Judge();
        Addresses = Firewall switch
        {
            FirewallState.Random => [_hosts[0].Address],
            FirewallState.Consistent => [.. _addresses.Where((sample, index) => sample.Hits >= 2 || index < 2).Select(sample => sample.Address)],
            _ => null,
        };
    }

    private FirewallState Judge()
    {
        int best = _addresses[0].Hits;
        if (best >= 3)
            return FirewallState.Consistent;
        if (best == 1)
            return FirewallState.Random;
        if (_hosts.Count == 1 && SampleCount > 3)
            return FirewallState.Random;
        if (_hosts.Count > 1 && _addresses[1].Hits > 1)
            return FirewallState.Consistent;
        return SampleCount > 4 ? FirewallState.Random : Firewall;
    }

    // Kept in order of hits, the older first among equals.
    private static void Count(List<Sample> samples, PeerAddress address)
    {
        int index = samples.FindIndex(sample => sample.Address == address);
        if (index < 0)
        {
            samples.Add(new Sample(address));
            return;
        }

        Sample counted = samples[index];
        counted.Hits++;
        for (; index > 0 && samples[index - 1].Hits < counted.Hits; index--)
            (samples[index - 1], samples[index]) = (counted, samples[index - 1]);
    }

    private sealed class Sample(PeerAddress address)
    {
        public PeerAddress Address { get; } = address;

        public int Hits { get; set; } = 1;
    }
}
