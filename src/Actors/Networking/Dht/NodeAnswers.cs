using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a node answers when it is asked about itself.</summary>
internal static class NodeAnswers
{
    public static object To(DhtNodeProtocol.IQuery question, DhtNodeMachine machine)
        => question switch
        {
            DhtNodeProtocol.GetState => machine.State,
            DhtNodeProtocol.GetTraffic traffic => DhtNodeProtocol.NodeTraffic.Of(machine.Counters, traffic.Handshakes),
            _ => throw new InvalidOperationException(question.ToString()),
        };
}
