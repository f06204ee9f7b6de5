using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What a node knows about its surroundings when a holepunch begins.</summary>
/// <param name="IsFirewalled">Unsolicited datagrams do not reach the node, as far as is known.</param>
/// <param name="Nodes">Nodes that can say under which address they see a socket, those heard last first.</param>
internal sealed record PunchVantage(bool IsFirewalled, IReadOnlyList<PeerAddress> Nodes);
