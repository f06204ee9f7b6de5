using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht.Dialling;

/// <summary>What a dial tells the DHT of its peer.</summary>
internal static class DialProtocol
{
    public sealed record Succeeded(EstablishedConnection Connection, ImmutableArray<PeerAddress> RelayAddresses);

    /// <summary>The way of an earlier connection, whose socket this is, led nowhere; the dial goes on.</summary>
    public sealed record RouteFailed(uint StreamId, LocalSocket Socket);

    public sealed record Failed(uint StreamId, ConnectFailure Reason);
}
