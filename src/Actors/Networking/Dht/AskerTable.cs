using Akka.Actor;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Hears what becomes of requests; knows each by a tag of its own.</summary>
internal interface IAsker
{
    void HandleReply(long tag, ReceivedReply reply);

    void HandleFailure(long tag, RequestFailure reason);

    /// <summary>The first answer time has passed; the request goes on.</summary>
    void HandleSlow(long tag)
    {
    }
}

/// <summary>Who asked for which outstanding request, and under which tag.</summary>
internal sealed class AskerTable
{
    private readonly Dictionary<RequestId, (IAsker Asker, long Tag)> _askers = [];

    public void Add(RequestId request, IAsker asker, long tag) => _askers.Add(request, (asker, tag));

    /// <summary>Looks at every request: what is withdrawn is the exception.</summary>
    public RequestId? Find(IAsker asker, long tag)
    {
        foreach ((RequestId request, (IAsker Asker, long Tag) entry) in _askers)
        {
            if (entry.Tag == tag && ReferenceEquals(entry.Asker, asker))
                return request;
        }

        return null;
    }

    public void HandleSlow(RequestId request)
    {
        if (_askers.TryGetValue(request, out (IAsker Asker, long Tag) entry))
            entry.Asker.HandleSlow(entry.Tag);
    }

    public void HandleReply(RequestId request, ReceivedReply reply)
    {
        if (_askers.Remove(request, out (IAsker Asker, long Tag) entry))
            entry.Asker.HandleReply(entry.Tag, reply);
    }

    public void HandleFailure(RequestId request, RequestFailure reason)
    {
        if (_askers.Remove(request, out (IAsker Asker, long Tag) entry))
            entry.Asker.HandleFailure(entry.Tag, reason);
    }
}

/// <summary>An actor that has asked for a request.</summary>
internal sealed class AskingActor(IActorRef actor) : IAsker
{
    public void HandleReply(long tag, ReceivedReply reply) => actor.Tell(new DhtNodeProtocol.Replied(tag, reply));

    public void HandleFailure(long tag, RequestFailure reason) => actor.Tell(new DhtNodeProtocol.RequestFailed(tag, reason));
}
