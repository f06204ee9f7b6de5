using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>What the routing table's upkeep asks of its owner.</summary>
public abstract record RoutingEffect
{
    private RoutingEffect()
    {
    }

    /// <summary>Send a PING and report its end with <see cref="RoutingMachine.HandlePingEnded"/>.</summary>
    public sealed record Ping(PeerAddress Address) : RoutingEffect;

    /// <summary>The table changed.</summary>
    public sealed record Publish(RoutingSnapshot Snapshot) : RoutingEffect;

    /// <summary>Walk towards the target to meet new nodes.</summary>
    public sealed record Refresh(Bytes32 Target) : RoutingEffect;
}
