using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class CausalityTests : IDisposable
{
    private readonly ListRecorder _events = new();
    private readonly RealRuntime _runtime;

    public CausalityTests() => _runtime = new RealRuntime("causality", _events);

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void A_cause_follows_messages_and_timers_from_actor_to_actor()
    {
        IActorRef last = _runtime.System.ActorOf(Props.Create(() => new Noting(_events, null)), "last");
        IActorRef first = _runtime.System.ActorOf(Props.Create(() => new Noting(_events, last)), "first");

        first.Tell("hello");

        EventEntry[] notes = [_events.Take(EventKind.Note), _events.Take(EventKind.Note)];
        Assert.Equal(["user/first", "user/last"], notes.Select(note => ActorNames.Label(note.Actor!)));
        Assert.Equal(EventId.None, notes[0].Cause);
        Assert.Equal(_events.IdOf(notes[0].Text!), notes[1].Cause);
    }

    [Fact]
    public void Sender_and_receiver_name_a_datagram_alike()
    {
        PeerRuntime peer = _runtime.Peer("Client#1", new MemoryFileStore());
        using IDatagramPort receiver = peer.Bind(PeerAddress.Loopback(0), new BatchCollector());
        using IDatagramPort sender = peer.Bind(PeerAddress.Loopback(0), new BatchCollector());

        sender.Send([1, 2, 3], receiver.LocalAddress);
        sender.Send([1, 2, 3], receiver.LocalAddress);

        MessageId?[] sent = [_events.Take(EventKind.NetSend).Message, _events.Take(EventKind.NetSend).Message];
        MessageId?[] received = [_events.Take(EventKind.NetReceive).Message, _events.Take(EventKind.NetReceive).Message];
        Assert.Equal(sent, received);
        Assert.Equal([0, 1], sent.Select(id => (int)id!.Value.Copy));
    }

    [Fact]
    public async Task The_life_of_an_actor_is_recorded_under_its_peer()
    {
        IActorRef peers = _runtime.System.ActorOf(Props.Create(() => new Parent(ActorNames.Escape("Client#1"))), ActorNames.Peers);
        await peers.GracefulStop(TimeSpan.FromSeconds(5));

        Assert.Contains(_events.All, entry => entry is { Kind: EventKind.ActorStart, Peer: "Client#1" }
            && ActorNames.Label(entry.Actor!) == "user/peers/Client#1");
        Assert.Contains(_events.All, entry => entry is { Kind: EventKind.ActorStop, Peer: "Client#1" });
    }

    [Fact]
    public void Every_kind_has_its_own_name()
    {
        Assert.Equal("auction.bid.accepted", EventKind.AuctionBidAccepted.Name());
        Assert.Equal("net.recv", EventKind.NetReceive.Name());
        Assert.Equal(EventKindNames.All.Count(), EventKindNames.All.Distinct().Count());
    }

    private sealed class Noting : UntypedActor
    {
        private readonly IEventRecorder _events;
        private readonly IActorRef? _next;

        public Noting(IEventRecorder events, IActorRef? next) => (_events, _next) = (events, next);

        protected override void OnReceive(object message)
        {
            CurrentCause.Id = _events.Record(new EventEntry(EventKind.Note) { Text = Self.Path.Name });
            if (_next is not null)
                Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), _next, message, Self);
        }
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(string child) => Context.ActorOf(Props.Create(() => new Noting(NullEventRecorder.Instance, null)), child);
    }
}

internal sealed class ListRecorder : IEventRecorder
{
    private readonly ConcurrentDictionary<EventKind, BlockingCollection<EventEntry>> _byKind = new();
    private readonly ConcurrentQueue<(EventId Id, EventEntry Entry)> _all = new();
    private long _next;

    public IEnumerable<EventEntry> All => _all.Select(item => item.Entry);

    public bool Records(EventKind kind) => kind != EventKind.ActorReceive;

    public EventId Record(in EventEntry entry)
    {
        var id = new EventId((ulong)Interlocked.Increment(ref _next));
        EventEntry full = entry with
        {
            Actor = entry.Actor ?? CurrentCause.Actor,
            Cause = entry.Cause.IsNone ? CurrentCause.Id : entry.Cause,
        };
        _all.Enqueue((id, full));
        Of(entry.Kind).Add(full);
        return id;
    }

    public EventId IdOf(string text) => _all.First(item => item.Entry.Text == text).Id;

    public EventEntry Take(EventKind kind)
        => Of(kind).TryTake(out EventEntry entry, TimeSpan.FromSeconds(5)) ? entry : throw new TimeoutException($"no event {kind.Name()}");

    private BlockingCollection<EventEntry> Of(EventKind kind) => _byKind.GetOrAdd(kind, _ => []);
}
