using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>The streams of a node that relays carry, or may come to carry.</summary>
/// <param name="options">Timing.</param>
/// <param name="keys">The node's key for relays is drawn from it when the first relay is needed.</param>
/// <param name="connections">Of the node.</param>
internal sealed class RelayedStreams(RelayedStreamOptions options, IEntropy keys, ConnectionTable connections)
{
    private readonly Dictionary<uint, Entry> _byStream = [];
    private KeyPair? _keyPair;
    private long _started;

    public void Handle(IActorContext context, RelayedStreamProtocol.IEvent fact, IActorRef asker)
    {
        switch (fact)
        {
            case RelayedStreamProtocol.Wanted wanted:
                Begin(context, wanted, asker);
                break;
            case RelayedStreamProtocol.Paired paired when _byStream.TryGetValue(paired.StreamId, out Entry? entry):
                entry.IsPaired = true;
                connections.Ways = connections.Ways with { RelaysPaired = connections.Ways.RelaysPaired + 1 };
                entry.Dial?.Tell(new RelayedStreamProtocol.Outcome(IsPaired: true));
                break;
            case RelayedStreamProtocol.Stopped stopped when _byStream.Remove(stopped.StreamId, out Entry? entry) && !entry.IsPaired:
                connections.Ways = connections.Ways with { RelaysFailed = connections.Ways.RelaysFailed + 1 };
                entry.Dial?.Tell(new RelayedStreamProtocol.Outcome(IsPaired: false));
                if (entry.IsAbandoned)
                    connections.Abandon(context, stopped.StreamId, ConnectFailureCodes.TimedOut);
                break;
        }
    }

    /// <summary>A listener knows no way for the stream; true when a relay carries it, or is waited for.</summary>
    public bool Holds(uint streamId)
    {
        if (!_byStream.TryGetValue(streamId, out Entry? entry))
            return false;
        entry.IsAbandoned = true;
        return true;
    }

    /// <summary>The stream has arrived on a way of its own: a dial that still searches has found it.</summary>
    public void HandleReached(uint streamId, DhtNodeProtocol.ProbeReceived found)
    {
        if (_byStream.TryGetValue(streamId, out Entry? entry))
            entry.Dial?.Tell(found);
    }

    private void Begin(IActorContext context, RelayedStreamProtocol.Wanted wanted, IActorRef asker)
    {
        IActorRef? dial = wanted.Connection is null ? null : asker;
        if (wanted.Connection is { } begun)
            connections.Establish(context, begun);
        if (connections.Find(wanted.StreamId) is not { } connection)
            return;
        RelayedStreamProtocol.Order order = new(wanted.StreamId, wanted.Route, connection);
        Props props = RelayedStreamActor.Props(order, options, _keyPair ??= KeyPair.Generate(keys));
        context.WatchWith(context.ActorOf(props, "relayed-" + ++_started), new RelayedStreamProtocol.Stopped(wanted.StreamId));
        _byStream[wanted.StreamId] = new Entry(dial);
        connections.Ways = connections.Ways with { RelaysTried = connections.Ways.RelaysTried + 1 };
    }

    private sealed class Entry(IActorRef? dial)
    {
        public IActorRef? Dial { get; } = dial;

        public bool IsPaired { get; set; }

        public bool IsAbandoned { get; set; }
    }
}
