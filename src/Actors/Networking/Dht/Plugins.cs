using Akka.Actor;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Who serves which extension of the DHT on this node.</summary>
internal sealed class Plugins
{
    private readonly Dictionary<string, HyperDhtProtocol.ServePlugin> _byName = [];

    /// <summary>The latest of a name serves it, until it stops.</summary>
    public void Add(IActorContext context, HyperDhtProtocol.ServePlugin order)
    {
        context.Watch(order.Handler);
        _byName[order.Name] = order;
    }

    /// <summary>Requests for others than those here, and for other versions of them, are dropped, as upstream drops them.</summary>
    public void Deliver(ReceivedRequest request)
    {
        if (request.Value is { } value
            && PluginRequest.TryDecode(value.Span, out PluginRequest asked)
            && _byName.TryGetValue(asked.Plugin, out HyperDhtProtocol.ServePlugin? served)
            && served.Version == asked.Version)
            served.Handler.Tell(new HyperDhtProtocol.PluginRequested(request, asked));
    }

    /// <summary>False when the actor served nothing.</summary>
    public bool Remove(IActorRef handler)
    {
        int before = _byName.Count;
        foreach (HyperDhtProtocol.ServePlugin served in _byName.Values.Where(served => served.Handler.Equals(handler)).ToArray())
            _byName.Remove(served.Name);
        return _byName.Count < before;
    }
}
