using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Which addresses are worth dialling from where.</summary>
internal static class AddressRanges
{
    private static readonly (uint Prefix, int Bits)[] Private =
    [
        (0x0a000000, 8), (0x64400000, 10), (0x7f000000, 8), (0xa9fe0000, 16), (0xac100000, 12), (0xc0a80000, 16),
    ];

    private static readonly (uint Prefix, int Bits)[] Reserved =
    [
        (0x00000000, 8), (0xc0000000, 24), (0xc0000200, 24), (0xc6120000, 15), (0xc6336400, 24), (0xcb007100, 24),
        (0xe0000000, 4), (0xf0000000, 4),
    ];

    public static bool IsPrivate(PeerAddress address) => Contains(Private, address.Host);

    public static bool IsReserved(PeerAddress address) => Contains(Reserved, address.Host);

    /// <summary>Never reachable over the open internet.</summary>
    public static bool IsBogon(PeerAddress address) => IsPrivate(address) || IsReserved(address);

    /// <summary>The remote address that shares most leading octets with one of ours, three counting as all.</summary>
    public static PeerAddress? BestMatch(IReadOnlyList<PeerAddress> local, IReadOnlyList<PeerAddress> remote)
    {
        PeerAddress? best = null;
        int bestOctets = 0;
        foreach (PeerAddress own in local)
        {
            foreach (PeerAddress other in remote)
            {
                int octets = Math.Min(3, System.Numerics.BitOperations.LeadingZeroCount(own.Host ^ other.Host) / 8);
                if (octets <= bestOctets)
                    continue;
                (best, bestOctets) = (other, octets);
            }
        }

        return best;
    }

    private static bool Contains((uint Prefix, int Bits)[] ranges, uint host)
    {
        foreach ((uint prefix, int bits) in ranges)
        {
            if ((host ^ prefix) >> (32 - bits) == 0)
                return true;
        }

        return false;
    }
}
