using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Which hosts of this machine are of use, which is tried once for each: what is sent to oneself there must arrive.</summary>
/// <param name="capacity">Hosts that are remembered; those that the machine has no more give way first, and no more than so many are used.</param>
public sealed class LocalHostTable(int capacity = 64)
{
    private readonly Dictionary<uint, Finding> _findings = [];

    private enum Finding
    {
        Trying,
        Usable,
        Useless,
    }

    /// <summary>The hosts of these addresses that are to be tried now; the outcome of each is to be reported.</summary>
    public IReadOnlyList<uint> Begin(IReadOnlyList<PeerAddress> addresses)
    {
        List<uint>? begun = null;
        foreach (PeerAddress address in addresses)
        {
            if (_findings.ContainsKey(address.Host) || !TryMakeRoom(addresses))
                continue;
            _findings[address.Host] = Finding.Trying;
            (begun ??= []).Add(address.Host);
        }

        return begun ?? (IReadOnlyList<uint>)[];
    }

    public void End(uint host, bool isUsable) => _findings[host] = isUsable ? Finding.Usable : Finding.Useless;

    /// <summary>It will be known soon whether these addresses are of use.</summary>
    public bool IsTrying(IReadOnlyList<PeerAddress> addresses) => addresses.Any(address => Is(address, Finding.Trying));

    /// <summary>Those of the addresses that are of use as far as is known.</summary>
    public IReadOnlyList<PeerAddress> Usable(IReadOnlyList<PeerAddress> addresses) => [.. addresses.Where(address => Is(address, Finding.Usable))];

    private bool Is(PeerAddress address, Finding finding) => _findings.TryGetValue(address.Host, out Finding found) && found == finding;

    private bool TryMakeRoom(IReadOnlyList<PeerAddress> addresses)
    {
        if (_findings.Count < capacity)
            return true;
        foreach ((uint host, Finding finding) in _findings)
        {
            if (finding != Finding.Trying && !addresses.Any(address => address.Host == host))
                return _findings.Remove(host);
        }

        return false;
    }
}
