using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Hyper.Actors.Runtime.Events;

/// <summary>An unbounded mailbox that pairs each message with the cause current when it was sent, and records the actor's life.</summary>
public sealed class CausalMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<CausalMessageQueue>
{
    public override IMessageQueue Create(IActorRef? owner, ActorSystem system)
    {
        IEventRecorder events = RuntimeSetup.EventsOf(system);
        var queue = new CausalMessageQueue(owner?.Path, events);
        queue.RecordLife(EventKind.ActorStart);
        return queue;
    }
}

/// <summary>The queue of a <see cref="CausalMailbox"/>.</summary>
public sealed class CausalMessageQueue(ActorPath? actor, IEventRecorder events) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private static readonly ConcurrentDictionary<Type, string> TypeNames = new();

    private readonly ArrivalQueue<Entry> _queue = new();

    // Akka's own actors carry counters of the process in their names, so only ours are recorded.
    private readonly bool _isOurs = actor?.Elements is ["user", _, ..];

    public bool HasMessages => !_queue.IsEmpty;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(new Entry(envelope, CurrentCause.Id));

    public bool TryDequeue(out Envelope envelope)
    {
        bool found = _queue.TryDequeue(out Entry entry);
        CurrentCause.Enter(found ? actor : null, entry.Cause);
        if (found && _isOurs && events.Records(EventKind.ActorReceive))
            CurrentCause.Id = events.Record(new EventEntry(EventKind.ActorReceive) { Type = TypeName(entry.Envelope.Message) });
        envelope = entry.Envelope;
        return found;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        RecordLife(EventKind.ActorStop);
        while (_queue.TryDequeue(out Entry entry))
            deadletters.Enqueue(owner, entry.Envelope);
    }

    internal void RecordLife(EventKind kind)
    {
        if (_isOurs && events.Records(kind))
            _ = events.Record(new EventEntry(kind) { Actor = actor, Peer = ActorNames.PeerOf(actor!) });
    }

    // Nested records are told apart by the protocol they stand in: DhtNodeProtocol.Bound.
    private static string TypeName(object message)
        => TypeNames.GetOrAdd(message.GetType(), type => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name);

    private readonly record struct Entry(Envelope Envelope, EventId Cause);
}
