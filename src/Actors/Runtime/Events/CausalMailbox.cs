using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Hyper.Actors.Runtime.Events;

/// <summary>An unbounded mailbox that pairs each message with the cause that was current when it was sent, and records the actor's life.</summary>
public sealed class CausalMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<CausalMessageQueue>
{
    public override IMessageQueue Create(IActorRef? owner, ActorSystem system)
    {
        IEventRecorder events = RuntimeSetup.EventsOf(system);
        if (owner is not null && events.Records(EventKind.ActorStart))
            _ = events.Record(new EventEntry(EventKind.ActorStart) { Actor = owner.Path, Peer = ActorNames.PeerOf(owner.Path) });
        return new CausalMessageQueue(owner?.Path, events);
    }
}

/// <summary>The queue of a <see cref="CausalMailbox"/>.</summary>
public sealed class CausalMessageQueue(ActorPath? owner, IEventRecorder events) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private static readonly ConcurrentDictionary<Type, string> TypeNames = new();

    private readonly ConcurrentQueue<Entry> _queue = new();

    public bool HasMessages => !_queue.IsEmpty;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(new Entry(envelope, CurrentCause.Id));

    public bool TryDequeue(out Envelope envelope)
    {
        bool found = _queue.TryDequeue(out Entry entry);
        CurrentCause.Enter(found ? owner : null, entry.Cause);
        if (found && events.Records(EventKind.ActorReceive))
            CurrentCause.Id = events.Record(new EventEntry(EventKind.ActorReceive) { Type = TypeName(entry.Envelope.Message) });
        envelope = entry.Envelope;
        return found;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        if (events.Records(EventKind.ActorStop))
            _ = events.Record(new EventEntry(EventKind.ActorStop) { Actor = owner.Path, Peer = ActorNames.PeerOf(owner.Path) });
        while (_queue.TryDequeue(out Entry entry))
            deadletters.Enqueue(owner, entry.Envelope);
    }

    // Nested records are told apart by the protocol they stand in: DhtNodeProtocol.Bound.
    private static string TypeName(object message)
        => TypeNames.GetOrAdd(message.GetType(), type => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name);

    private readonly record struct Entry(Envelope Envelope, EventId Cause);
}
