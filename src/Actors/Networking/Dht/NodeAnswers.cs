using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a node answers when it is asked about itself.</summary>
internal static class NodeAnswers
{
    public static object To(DhtNodeProtocol.IQuery question, DhtNodeMachine machine, DhtNodeProtocol.QueryCounts queries, DhtNodeProtocol.SocketCounts sockets)
        => question switch
        {
            DhtNodeProtocol.GetState => machine.State,
            DhtNodeProtocol.GetTraffic traffic => Count(machine.Counters, traffic, queries, sockets),
            _ => throw new InvalidOperationException(question.ToString()),
        };

    private static DhtNodeProtocol.NodeTraffic Count(
        DhtNodeCounters seen, DhtNodeProtocol.GetTraffic question, DhtNodeProtocol.QueryCounts queries, DhtNodeProtocol.SocketCounts sockets)
        => new(
            seen.Malformed, seen.SpoofedReplies, seen.UnmatchedReplies, seen.InvalidTokens, seen.RequestsReceived, seen.RequestsMade,
            seen.RepliesReceived, seen.Timeouts)
        {
            Retries = seen.Retries,
            Commands = seen.Commands.Read(),
            Queries = queries,
            PunchSockets = sockets,
            Ways = question.Ways,
            Handshakes = question.Handshakes,
        };
}
