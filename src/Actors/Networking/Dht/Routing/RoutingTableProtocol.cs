using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Routing;

/// <summary>What a routing table is told by its node and what it tells it.</summary>
public static class RoutingTableProtocol
{
    /// <summary>A fact for the table, or an order to it.</summary>
    public interface ICommand;

    /// <summary>What the table wants its node to know or do.</summary>
    public interface IEvent;

    /// <summary>A node with a verified id spoke to us.</summary>
    public sealed record NoteHeard(PeerAddress Address) : ICommand;

    /// <summary>A node did not answer a query.</summary>
    public sealed record NoteUnreachable(PeerAddress Address) : ICommand;

    /// <summary>Somebody says that a node is down.</summary>
    public sealed record NoteDownHint(PeerAddress Address) : ICommand;

    /// <summary>The node's id, which the table is arranged around, and whether its first walk has ended.</summary>
    public sealed record UpdateIdentity(NodeId Own, bool IsBootstrapped) : ICommand;

    /// <summary>A walk through the network has begun.</summary>
    public sealed record NoteQueryStarted : ICommand;

    /// <summary>The node rests.</summary>
    public sealed record Suspend : ICommand;

    /// <summary>The node goes on after a rest.</summary>
    public sealed record Resume : ICommand;

    /// <summary>The machine slept.</summary>
    public sealed record WakeUp : ICommand;

    /// <summary>The table is another one now.</summary>
    public sealed record ViewChanged(RoutingView View) : IEvent;

    /// <summary>The nodes by age, told rarely: for those who need a few, whichever.</summary>
    public sealed record SnapshotPublished(RoutingSnapshot Snapshot) : IEvent;
}
