using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>Walks for a topic once: tells who is found, takes old announcements back, announces at the end, and stops.</summary>
internal sealed class TopicWalkActor : UntypedActor
{
    private const long WalkTag = 0;
    private readonly SwarmEffect.Walk _order;
    private readonly KeyPair _keyPair;
    private readonly IActorRef _dht;
    private readonly QueryDefinition _announce;
    private QueryResult? _result;
    private long _lastRequest;
    private int _open;
    private int _accepted;
    private bool _hasCommitted;

    public TopicWalkActor(SwarmEffect.Walk order, KeyPair keyPair, ImmutableArray<PeerAddress> relays, IActorRef dht)
    {
        (_order, _keyPair, _dht) = (order, keyPair, dht);
        _announce = RecordQueries.Announce(order.Topic.Value, keyPair, [.. relays.Take(3)]);
    }

    /// <param name="order">What to do.</param>
    /// <param name="keyPair">Announces and takes back.</param>
    /// <param name="relays">Where the own server is reached.</param>
    /// <param name="dht">Runs the walk and sends the requests.</param>
    public static Props Props(SwarmEffect.Walk order, KeyPair keyPair, ImmutableArray<PeerAddress> relays, IActorRef dht)
        => ActorProps.Of(() => new TopicWalkActor(order, keyPair, relays, dht));

    private bool Announces => _order.Kind is TopicWalkKind.Announce or TopicWalkKind.ClearAndAnnounce;

    private bool TakesBack => _order.Kind is not (TopicWalkKind.Announce or TopicWalkKind.Lookup);

    protected override void PreStart()
    {
        bool isLast = _order.Kind == TopicWalkKind.Unannounce;
        QueryDefinition walk = RecordQueries.Lookup(_order.Topic.Value) with
        {
            StartNodes = _order.Closest,
            OnlyStartNodes = isLast,
            IsForced = isLast,
        };
        _dht.Tell(new DhtNodeProtocol.StartQuery(WalkTag, walk));
    }

    // A walk that nobody wants any more is stopped from outside.
    protected override void PostStop()
    {
        if (_result is null)
            _dht.Tell(new DhtNodeProtocol.CancelQuery(WalkTag));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.QueryFound found:
                Collect(found.Reply);
                break;
            case DhtNodeProtocol.QueryFinished finished:
                _result = finished.Result;
                break;
            case DhtNodeProtocol.Replied replied:
                _open--;
                if (_hasCommitted && replied.Reply.Error == DhtError.None)
                    _accepted++;
                break;
            case DhtNodeProtocol.RequestFailed:
                _open--;
                break;
        }

        if (_result is null || _open > 0)
            return;
        if (Announces && !_hasCommitted)
            Commit(_result);
        if (_open == 0)
            Finish(_result);
    }

    private void Collect(ReceivedReply reply)
    {
        if (reply.Value is { } value && LookupReply.TryDecode(value.Span, out IReadOnlyList<PeerRecord> peers, out _) && peers.Count > 0)
            Context.Parent.Tell(new TopicWalkProtocol.Found(_order.Id, peers));
        if (TakesBack && RecordQueries.Unannounce(_order.Topic.Value, _keyPair, reply) is { } request)
            Send(request);
    }

    // Only after what an earlier life left has been taken back, or that would take this announcement back too.
    private void Commit(QueryResult result)
    {
        _hasCommitted = true;
        foreach (ReceivedReply reply in result.Closest)
        {
            if (_announce.Commit!(reply) is { } request)
                Send(request);
        }
    }

    private void Send(OutgoingRequest request)
    {
        _open++;
        _dht.Tell(new DhtNodeProtocol.SendRequest(++_lastRequest, request));
    }

    private void Finish(QueryResult result)
    {
        bool succeeded = Announces ? _accepted > 0 : result.Succeeded > 0;
        Context.Parent.Tell(new TopicWalkProtocol.Finished(_order.Id, succeeded, [.. result.Closest.Select(reply => reply.From)]));
        Context.Stop(Self);
    }
}
