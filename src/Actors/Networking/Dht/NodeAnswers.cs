using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a node answers when it is asked about itself.</summary>
internal static class NodeAnswers
{
    public static object To(DhtNodeProtocol.IQuery question, DhtNodeMachine machine, RoutingSnapshot routing)
        => question switch
        {
            DhtNodeProtocol.GetState => machine.State,
            DhtNodeProtocol.GetRouting => routing,
            _ => DhtNodeProtocol.NodeTraffic.Of(machine.Counters),
        };
}
