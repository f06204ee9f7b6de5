namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Periods and limits of the routing table's upkeep; the defaults are upstream's.</summary>
public sealed record RoutingOptions
{
    public static RoutingOptions Default { get; } = new();

    /// <summary>All other periods are counted in ticks.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest silent nodes are pinged this often.</summary>
    public int PingTicks { get; init; } = 8;

    /// <summary>Nodes pinged at once.</summary>
    public int PingedNodes { get; init; } = 5;

    /// <summary>Nodes pinged at once when even the longest silent one was heard lately.</summary>
    public int PingedNodesWhenRecent { get; init; } = 2;

    /// <summary>A walk through the network is wanted this long after the last one.</summary>
    public int RefreshTicks { get; init; } = 60;

    /// <summary>A table with less than one bucket's nodes is refreshed this often.</summary>
    public int SparseRefreshTicks { get; init; } = 64;

    /// <summary>A node pinged within this time is recent.</summary>
    public int RecentTicks { get; init; } = 12;

    /// <summary>A node known for longer than this is old, and kept in favour of new ones.</summary>
    public int OldTicks { get; init; } = 360;

    /// <summary>Full buckets that may test their oldest node at once.</summary>
    public int MaxReplacementChecks { get; init; } = 3;

    /// <summary>Nodes that may be tested at once because somebody says that they are down.</summary>
    public int MaxDownHintChecks { get; init; } = 10;

    /// <summary>Snapshots of a table that is not small are not published more often than this: they serve those who need a few nodes, whichever.</summary>
    public TimeSpan PublishInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Up to this many nodes every change is published at once.</summary>
    public int SmallTableNodes { get; init; } = 16;
}
