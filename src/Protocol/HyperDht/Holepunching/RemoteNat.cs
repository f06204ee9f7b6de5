using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What the remote says about its NAT, and which of its hosts have proven to be its own.</summary>
internal sealed class RemoteNat(FirewallState firewall, int maxAddresses)
{
    private readonly HashSet<uint> _verified = [];

    public FirewallState Firewall { get; private set; } = firewall;

    public IReadOnlyList<PeerAddress> Addresses { get; private set; } = [];

    /// <summary>The remote punches, or is about to.</summary>
    public bool IsPunching { get; private set; }

    public bool IsRandom => Firewall >= FirewallState.Random;

    public bool IsConsistent => Firewall is FirewallState.Open or FirewallState.Consistent;

    /// <summary>The first address on a host that echoed a token.</summary>
    public PeerAddress? Verified
    {
        get
        {
            foreach (PeerAddress address in Addresses)
            {
                if (IsVerified(address))
                    return address;
            }

            return null;
        }
    }

    public bool IsVerified(PeerAddress address) => _verified.Contains(address.Host);

    /// <param name="payload">The remote's latest word.</param>
    /// <param name="verifiedHost">A host that has just echoed a token sent to it.</param>
    public void Update(HolepunchPayload payload, uint? verifiedHost)
    {
        (Firewall, IsPunching) = (payload.Firewall, payload.Punching);
        Addresses = payload.Addresses is { } named ? [.. named.Take(maxAddresses)] : [];
        _verified.IntersectWith(Addresses.Select(address => address.Host));
        if (verifiedHost is { } host && Addresses.Any(address => address.Host == host))
            _verified.Add(host);
    }
}
