using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Who asked for which outstanding request, and under which tag.</summary>
internal sealed class AskerTable
{
    private readonly Dictionary<RequestId, (IActorRef Asker, long Tag)> _askers = [];
    private readonly HashSet<RequestId> _reportSlow = [];
    private readonly Dictionary<(IActorRef Asker, long Tag), RequestId> _requests = [];

    public void Add(RequestId request, IActorRef asker, DhtNodeProtocol.SendRequest order)
    {
        long tag = order.Tag;
        if (order.ReportsSlow)
            _reportSlow.Add(request);
        _askers[request] = (asker, tag);
        _requests[(asker, tag)] = request;
    }

    public bool TryGetRequest(IActorRef asker, long tag, out RequestId request) => _requests.TryGetValue((asker, tag), out request);

    /// <summary>Tells the asker that the request is slow, if it wants to know.</summary>
    public void TellSlow(RequestId request)
    {
        if (_reportSlow.Remove(request) && _askers.TryGetValue(request, out (IActorRef Asker, long Tag) entry))
            entry.Asker.Tell(new DhtNodeProtocol.RequestSlow(entry.Tag));
    }

    /// <summary>Tells the asker how the request has ended.</summary>
    public void TellEnd(RequestId request, Func<long, DhtNodeProtocol.IEvent> end)
    {
        if (TryTake(request, out IActorRef? asker, out long tag))
            asker.Tell(end(tag));
    }

    private bool TryTake(RequestId request, [NotNullWhen(true)] out IActorRef? asker, out long tag)
    {
        _reportSlow.Remove(request);
        bool isKnown = _askers.Remove(request, out (IActorRef Asker, long Tag) entry);
        (asker, tag) = entry;
        if (isKnown && _requests.TryGetValue(entry, out RequestId latest) && latest == request)
            _requests.Remove(entry);
        return isKnown;
    }
}
