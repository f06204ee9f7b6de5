using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>Decides whose word about our address is sampled: each known node once in a while, a few unknown ones once.</summary>
internal sealed class AddressSampling(int maxNodes, int maxUnknown)
{
    /// <summary>A node is asked again after this time.</summary>
    private static readonly TimeSpan ResampleAfter = TimeSpan.FromMinutes(30);

    private readonly AddressTimes _sampledAt = new();
    private readonly HashSet<PeerAddress> _unknown = [];

    public NatSampler Sampler { get; private set; } = new();

    public PeerAddress? Address => Sampler.Address;

    public void Seed(PeerAddress address) => Sampler.Add(address);

    /// <summary>Starts over from votes that were collected for the same address.</summary>
    public void Replace(NatSampler sampler)
    {
        Sampler = sampler;
        _unknown.Clear();
    }

    public void Hear(PeerAddress from, bool isVerified, PeerAddress ourAddress, TimeSpan now)
    {
        bool counts = isVerified ? IsDue(from, now) : _unknown.Count < maxUnknown && _unknown.Add(from);
        if (counts)
            Sampler.Add(ourAddress);
    }

    private bool IsDue(PeerAddress from, TimeSpan now)
    {
        TimeSpan? before = _sampledAt.Find(from);
        if (now - before < ResampleAfter)
            return false;
        if (before is null && _sampledAt.Count >= maxNodes)
            _sampledAt.Clear();
        _sampledAt.Set(from, now);
        return true;
    }
}
