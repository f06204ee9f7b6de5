using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a node answers when it is asked about itself.</summary>
internal static class NodeAnswers
{
    public static object To(DhtNodeProtocol.IQuery question, DhtNodeMachine machine, RoutingMachine routing)
        => question switch
        {
            DhtNodeProtocol.GetState => machine.State,
            DhtNodeProtocol.GetRouting => routing.Table.Snapshot(),
            DhtNodeProtocol.GetNodes nodes => new DhtNodeProtocol.NodesListed([.. routing.Newest(nodes.Limit)]),
            _ => DhtNodeProtocol.NodeTraffic.Of(machine.Counters),
        };
}
