using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Where a UDP port is bound.</summary>
public sealed record DatagramOptions
{
    /// <summary>Addresses to try in this order; port 0 means any free one.</summary>
    public required ImmutableArray<PeerAddress> Candidates { get; init; }

    /// <summary>Any free port of a host.</summary>
    public static DatagramOptions AnyPort(uint host) => new() { Candidates = [new PeerAddress(host, 0)] };
}
