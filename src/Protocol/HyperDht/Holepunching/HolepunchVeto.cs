using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What both sides know about each other's NAT when punching is about to begin.</summary>
public sealed record HolepunchProspect(
    FirewallState Remote, FirewallState Own, IReadOnlyList<PeerAddress> RemoteAddresses, IReadOnlyList<PeerAddress> OwnAddresses);

/// <summary>Whether a peer rather goes without a connection than punch; asked on both sides.</summary>
public delegate bool HolepunchVeto(HolepunchProspect prospect);
