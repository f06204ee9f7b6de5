using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Actors.Networking.Dht.Records;

/// <summary>Stores at the closest nodes when the walk has ended.</summary>
internal sealed class Storing(long tag, QueryDefinition definition) : RecordOperation(definition)
{
    public override OutgoingRequest? Collect(ReceivedReply reply) => null;

    public override HyperDhtProtocol.IEvent Finish(QueryResult result) => new HyperDhtProtocol.Stored(tag, result.Status, result.Accepted);
}

/// <summary>Takes an announcement back from every node that returns it.</summary>
internal sealed class Unannouncing(HyperDhtProtocol.Unannounce order) : RecordOperation(RecordQueries.Lookup(order.Topic))
{
    private readonly ImmutableArray<PeerAddress>.Builder _nodes = ImmutableArray.CreateBuilder<PeerAddress>();

    public override OutgoingRequest? Collect(ReceivedReply reply)
    {
        OutgoingRequest? request = RecordQueries.Unannounce(order.Topic, order.KeyPair, reply);
        if (request is not null)
            _nodes.Add(reply.From);
        return request;
    }

    public override HyperDhtProtocol.IEvent Finish(QueryResult result)
    {
        QueryStatus status = result.Succeeded > 0 ? QueryStatus.Completed : QueryStatus.TooFewNodes;
        return new HyperDhtProtocol.Stored(order.Tag, status, _nodes.ToImmutable());
    }
}
