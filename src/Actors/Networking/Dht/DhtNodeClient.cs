using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>A DHT node for commands and tests, which wait for answers.</summary>
public sealed class DhtNodeClient(IActorRef node, TimeSpan timeout)
{
    private long _tag;

    public IActorRef Node { get; } = node;

    public Task<DhtNodeState> GetStateAsync() => Node.Ask<DhtNodeState>(new DhtNodeProtocol.GetState(), timeout);

    public Task<RoutingSnapshot> GetRoutingAsync() => Node.Ask<RoutingSnapshot>(new DhtNodeProtocol.GetRouting(), timeout);

    public Task<DhtNodeProtocol.NodeTraffic> GetTrafficAsync()
        => Node.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), timeout);

    /// <summary>The reply, or nothing when none came.</summary>
    public async Task<ReceivedReply?> RequestAsync(OutgoingRequest request)
        => await Node.Ask<DhtNodeProtocol.IEvent>(new DhtNodeProtocol.SendRequest(++_tag, request), timeout).ConfigureAwait(false)
            is DhtNodeProtocol.Replied replied ? replied.Reply : null;

    /// <summary>The reply to a ping, or nothing when none came.</summary>
    public Task<ReceivedReply?> PingAsync(PeerAddress address) => RequestAsync(new OutgoingRequest(address, DhtCommand.Ping));

    /// <summary>Walks to the end.</summary>
    public async Task<QueryResult> QueryAsync(QueryDefinition definition)
    {
        DhtNodeProtocol.StartQuery order = new(++_tag, definition) { EndOnly = true };
        return (await Node.Ask<DhtNodeProtocol.QueryFinished>(order, timeout).ConfigureAwait(false)).Result;
    }

    /// <summary>The nodes nearest to a target that answered, nearest first.</summary>
    public async Task<ImmutableArray<PeerAddress>> FindNodesAsync(Bytes32 target)
        => [.. (await QueryAsync(QueryDefinition.FindNode(target)).ConfigureAwait(false)).Closest.Select(reply => reply.From)];
}
