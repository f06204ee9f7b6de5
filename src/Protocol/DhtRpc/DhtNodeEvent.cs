using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.DhtRpc;

/// <summary>What happened at a node.</summary>
public abstract record DhtNodeEvent
{
    private DhtNodeEvent()
    {
    }

    /// <summary>A command of the layer above arrived; answer it with <see cref="DhtNodeMachine.Answer"/>, or drop it.</summary>
    public sealed record RequestReceived(ReceivedRequest Request) : DhtNodeEvent;

    /// <summary>A request of ours was answered, possibly with an error code.</summary>
    public sealed record Replied(RequestId Request, ReceivedReply Reply) : DhtNodeEvent;

    /// <summary>A request of ours missed its first answer time and is sent again.</summary>
    public sealed record RequestSlow(RequestId Request) : DhtNodeEvent;

    /// <summary>A request of ours will not be answered.</summary>
    public sealed record RequestFailed(RequestId Request, RequestFailure Reason) : DhtNodeEvent;

    /// <summary>A node with a verified id spoke to us: it belongs into the routing table. Raised once per node and tick.</summary>
    public sealed record NodeHeard(PeerAddress Address) : DhtNodeEvent;

    /// <summary>A node did not answer a query step: it leaves the routing table.</summary>
    public sealed record NodeUnreachable(PeerAddress Address) : DhtNodeEvent;

    /// <summary>Somebody says that a node we told it about is down.</summary>
    public sealed record DownHintReceived(PeerAddress Address) : DhtNodeEvent;

    /// <summary>A walk towards the target is wanted; report its end with <see cref="DhtNodeMachine.HandleBackgroundQueryFinished"/>.</summary>
    public sealed record BackgroundQueryWanted(Bytes32 Target) : DhtNodeEvent;

    /// <summary>Identity, firewall, address, health or bootstrap state changed.</summary>
    public sealed record StateChanged(DhtNodeState State) : DhtNodeEvent;

    /// <summary>The machine slept: everything known is old.</summary>
    public sealed record WokeUp : DhtNodeEvent;

    /// <summary>The node rests: its sockets can be closed, and the routing table is left as it is.</summary>
    public sealed record Suspended : DhtNodeEvent;

    /// <summary>The node goes on after a rest.</summary>
    public sealed record Resumed : DhtNodeEvent;
}

/// <summary>What a node knows about itself.</summary>
/// <param name="TableId">Centre of the routing table: the node's id, or random bytes while it is ephemeral.</param>
/// <param name="IsEphemeral">Ephemeral nodes have no id that others know, store nothing and are in no routing table.</param>
/// <param name="IsFirewalled">Unsolicited datagrams do not reach the server socket, as far as is known.</param>
/// <param name="IsBootstrapped">The first walk through the network has ended.</param>
/// <param name="ReflexiveAddress">Our address as others see it; port 0 when it differs from peer to peer; absent while unknown.</param>
/// <param name="ServerPort">Local port of the server socket.</param>
/// <param name="IsOnline">False after two ticks in which nobody answered.</param>
/// <param name="IsDegraded">More than half of the requests time out.</param>
public sealed record DhtNodeState(
    NodeId TableId,
    bool IsEphemeral,
    bool IsFirewalled,
    bool IsBootstrapped,
    PeerAddress? ReflexiveAddress,
    ushort ServerPort,
    bool IsOnline,
    bool IsDegraded)
{
    /// <summary>The node rests: it has no sockets, answers nobody and keeps its routing table.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>The id that others know, while persistent.</summary>
    public NodeId? Id => IsEphemeral ? null : TableId;

    /// <summary>The address at which anybody reaches the server socket, if there is one.</summary>
    public PeerAddress? OpenAddress => !IsFirewalled && ReflexiveAddress is { } address && address.Port == ServerPort ? address : null;

    /// <summary>The socket that requests leave from.</summary>
    public LocalSocket RequestSocket => IsFirewalled ? LocalSocket.Client : LocalSocket.Server;
}
