using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht.Records;

/// <summary>Runs one operation on records: walks, collects, tells the asker how it ended and stops.</summary>
internal sealed class RecordWalkActor : UntypedActor
{
    private const long WalkTag = 0;
    private readonly RecordOperation _operation;
    private readonly IActorRef _node;
    private readonly IActorRef _asker;
    private long _requests;
    private long _settled;
    private HyperDhtProtocol.IEvent? _outcome;

    public RecordWalkActor(RecordOperation operation, IActorRef node, IActorRef asker)
        => (_operation, _node, _asker) = (operation, node, asker);

    /// <param name="runtime">Where it runs.</param>
    /// <param name="operation">Used by this actor alone from here on.</param>
    /// <param name="node">Runs the walk.</param>
    /// <param name="asker">Hears the outcome.</param>
    public static Props Props(PeerRuntime runtime, RecordOperation operation, IActorRef node, IActorRef asker)
        => ActorProps.Of(() => new RecordWalkActor(operation, node, asker)).WithDispatcher(runtime.NetworkDispatcher);

    protected override void PreStart() => _node.Tell(new DhtNodeProtocol.StartQuery(WalkTag, _operation.Definition));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.QueryFound found:
                Collect(found.Reply);
                break;
            case DhtNodeProtocol.QueryFinished finished:
                _outcome ??= _operation.Finish(finished.Result);
                break;
            case DhtNodeProtocol.Replied or DhtNodeProtocol.RequestFailed:
                _settled++;
                break;
        }

        if (_outcome is null || _settled < _requests)
            return;
        _asker.Tell(_outcome);
        Context.Stop(Self);
    }

    private void Collect(ReceivedReply reply)
    {
        if (_operation.Collect(reply) is { } request)
            _node.Tell(new DhtNodeProtocol.SendRequest(++_requests, request));
        if (_operation.IsSatisfied)
            _node.Tell(new DhtNodeProtocol.CancelQuery(WalkTag));
    }
}
