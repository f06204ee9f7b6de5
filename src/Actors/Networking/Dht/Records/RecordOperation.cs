using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Actors.Networking.Dht.Records;

/// <summary>One operation on records: the walk it takes, and what it makes of the replies.</summary>
internal abstract class RecordOperation(QueryDefinition definition)
{
    public QueryDefinition Definition { get; } = definition;

    /// <summary>The walk can end before its time.</summary>
    public virtual bool IsSatisfied => false;

    public static RecordOperation? Of(HyperDhtProtocol.ICommand command) => command switch
    {
        HyperDhtProtocol.Lookup lookup => new PeerSearch(lookup.Tag, RecordQueries.Lookup(lookup.Topic)),
        HyperDhtProtocol.FindPeer find => new PeerSearch(find.Tag, RecordQueries.FindPeer(PeerRecord.TargetOf(find.Key))),
        HyperDhtProtocol.Announce announce => new Storing(
            announce.Tag, RecordQueries.Announce(announce.Topic, announce.KeyPair, announce.Relays)),
        HyperDhtProtocol.Unannounce unannounce => new Unannouncing(unannounce),
        HyperDhtProtocol.PutImmutable put => new Storing(put.Tag, RecordQueries.PutImmutable(put.Value)),
        HyperDhtProtocol.PutMutable put => new Storing(
            put.Tag, RecordQueries.PutMutable(put.KeyPair.PublicKey, MutableValue.Sign(put.KeyPair, put.Sequence, put.Value))),
        HyperDhtProtocol.GetImmutable get => new ImmutableRead(get),
        HyperDhtProtocol.GetMutable get => new MutableRead(get),
        _ => null,
    };

    /// <summary>Takes a reply; answers what to send because of it, if anything.</summary>
    public abstract OutgoingRequest? Collect(ReceivedReply reply);

    public abstract HyperDhtProtocol.IEvent Finish(QueryResult result);
}
