using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>A DHT node for commands and tests, which wait for answers.</summary>
public sealed class DhtNodeClient
{
    private readonly IActorRef _owner;
    private readonly TimeSpan _timeout;
    private long _tag;

    internal DhtNodeClient(IActorRef owner, StandaloneNodeActor.Ready ready, TimeSpan timeout)
    {
        _owner = owner;
        _timeout = timeout;
        Node = ready.Node;
        Address = ready.Bound.Server;
    }

    /// <summary>The node's actor.</summary>
    public IActorRef Node { get; }

    /// <summary>Where the server socket is bound.</summary>
    public PeerAddress Address { get; }

    /// <summary>Starts a node that no peer is built on and waits until it has joined.</summary>
    /// <exception cref="PortInUseException">The port is taken.</exception>
    public static async Task<DhtNodeClient> StartAsync(
        IActorRefFactory system, PeerRuntime runtime, DhtNodeActorOptions options, TimeSpan timeout)
    {
        IActorRef owner = system.ActorOf(StandaloneNodeActor.Props(DhtNodeActor.Props(runtime, options)), runtime.Name);
        return await WhenReadyAsync(owner, options, timeout).ConfigureAwait(false);
    }

    internal static async Task<DhtNodeClient> WhenReadyAsync(IActorRef owner, DhtNodeActorOptions options, TimeSpan timeout)
    {
        object outcome = await owner.Ask<object>(new StandaloneNodeActor.WaitUntilReady(), timeout).ConfigureAwait(false);
        if (outcome is StandaloneNodeActor.Ready ready)
            return new DhtNodeClient(owner, ready, timeout);
        await owner.GracefulStop(timeout).ConfigureAwait(false);
        throw new PortInUseException(options.Bind);
    }

    /// <summary>Takes servers back, ends connections, stops the node and waits until its ports are free.</summary>
    public Task StopAsync() => _owner.GracefulStop(_timeout, new DhtNodeProtocol.Stop(_timeout / 2));

    /// <summary>Takes servers back, ends connections, lets the node rest and waits until its ports are free.</summary>
    public Task SuspendAsync() => _owner.Ask<DhtNodeProtocol.Rested>(new StandaloneNodeActor.Rest(IsSuspended: true), _timeout);

    /// <summary>Ends the rest of a node, and waits until its sockets are open.</summary>
    public Task ResumeAsync() => _owner.Ask<DhtNodeProtocol.StateChanged>(new StandaloneNodeActor.Rest(IsSuspended: false), _timeout);

    public Task<DhtNodeState> GetStateAsync() => Node.Ask<DhtNodeState>(new DhtNodeProtocol.GetState(), _timeout);

    public Task<RoutingSnapshot> GetRoutingAsync() => Node.Ask<RoutingSnapshot>(new DhtNodeProtocol.GetRouting(), _timeout);

    /// <summary>Nodes of the routing table, most recently heard first.</summary>
    public async Task<ImmutableArray<PeerAddress>> GetNodesAsync(int limit = int.MaxValue)
        => (await Node.Ask<DhtNodeProtocol.NodesListed>(new DhtNodeProtocol.GetNodes(limit), _timeout).ConfigureAwait(false)).Nodes;

    public Task<DhtNodeProtocol.NodeTraffic> GetTrafficAsync()
        => Node.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), _timeout);

    /// <summary>The reply, or nothing when none came.</summary>
    public async Task<ReceivedReply?> RequestAsync(OutgoingRequest request)
        => await Node.Ask<DhtNodeProtocol.IEvent>(new DhtNodeProtocol.SendRequest(++_tag, request), _timeout).ConfigureAwait(false)
            is DhtNodeProtocol.Replied replied ? replied.Reply : null;

    /// <summary>The reply to a ping, or nothing when none came.</summary>
    public Task<ReceivedReply?> PingAsync(PeerAddress address) => RequestAsync(new OutgoingRequest(address, DhtCommand.Ping));

    /// <summary>Walks to the end.</summary>
    public async Task<QueryResult> QueryAsync(QueryDefinition definition)
    {
        DhtNodeProtocol.StartQuery order = new(++_tag, definition) { EndOnly = true };
        return (await Node.Ask<DhtNodeProtocol.QueryFinished>(order, _timeout).ConfigureAwait(false)).Result;
    }

    /// <summary>The nodes nearest to a target that answered, nearest first.</summary>
    public async Task<ImmutableArray<PeerAddress>> FindNodesAsync(Bytes32 target)
        => [.. (await QueryAsync(QueryDefinition.FindNode(target)).ConfigureAwait(false)).Closest.Select(reply => reply.From)];
}
