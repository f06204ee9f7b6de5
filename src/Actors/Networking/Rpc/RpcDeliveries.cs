using Akka.Actor;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Collects what one wake-up brings for each of several actors, so that one message takes all of it.</summary>
internal sealed class RpcDeliveries<T>(Func<IReadOnlyList<T>, object> bundle)
{
    private readonly Dictionary<IActorRef, List<T>> _others = [];
    private IActorRef _first = ActorRefs.Nobody;
    private List<T> _items = [];

    internal void Add(IActorRef to, T item)
    {
        if (_items.Count == 0)
            _first = to;
        ListOf(to).Add(item);
    }

    internal void Flush()
    {
        if (_items.Count == 0)
            return;
        _first.Tell(bundle(_items));
        _items = [];
        foreach ((IActorRef to, List<T> items) in _others)
            to.Tell(bundle(items));
        _others.Clear();
    }

    private List<T> ListOf(IActorRef to)
    {
        if (ReferenceEquals(to, _first))
            return _items;
        if (!_others.TryGetValue(to, out List<T>? items))
            _others.Add(to, items = []);
        return items;
    }
}
