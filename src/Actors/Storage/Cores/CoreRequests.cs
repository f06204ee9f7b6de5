using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Who answers what of all that is asked of an open core, plain orders and reads of blocks apart.</summary>
internal sealed class CoreRequests
{
    private readonly HypercoreMachine _core;
    private readonly PendingOrders _pending;
    private readonly CoreAnswers _answers;
    private readonly CoreProofs _proofs;
    private readonly CoreDrafts _drafts;
    private readonly CoreRepairs _repairs;
    private readonly ByteSeeks _seeks;
    private readonly BlockNeeds _needs;
    private readonly CoreDownloads _downloads;
    private readonly CoreEvents _events;
    private readonly CorePeers _peers;
    private readonly CoreUpdates _updates;
    private readonly CoreChanges _changes;

    public CoreRequests(IActorRef self, HypercoreMachine core, CoreEvents events, PendingOrders pending, CoreLimits limits)
    {
        _core = core;
        _pending = pending;
        _answers = new CoreAnswers(core);
        _drafts = new CoreDrafts(core, pending, limits);
        _repairs = new CoreRepairs(self, core, events, limits);
        _seeks = new ByteSeeks(events, limits);
        _proofs = new CoreProofs(core, events, _seeks, _repairs);
        _needs = new BlockNeeds(events);
        _downloads = new CoreDownloads(core, _needs, limits);
        _events = events;
        _peers = new CorePeers(limits);
        _updates = new CoreUpdates(core, _peers, limits);
        _changes = new CoreChanges(core, limits);
    }

    /// <summary>What is answered at once; null for other messages.</summary>
    public CoreProtocol.IEvent? Answer(object message) => _proofs.Answer(message) ?? _answers.Answer(message);

    public CoreProtocol.IEvent Block(CoreProtocol.GetBlock get) => _answers.Block(get);

    /// <summary>The asker subscribes: it hears how the core stands and what is looked for already.</summary>
    public void Begin(CoreProtocol.Subscribe subscribe, IActorRef asker)
    {
        asker.Tell(_answers.Subscribed(subscribe.Request) with
        {
            Searches = [.. _seeks.Open, .. _repairs.Open],
            Needed = _needs.Blocks,
        });
        if (subscribe.Peer is not { } peer)
            return;
        _peers.Add(asker, peer);
        if (_updates.Wanted is { } wanted)
            asker.Tell(wanted);
    }

    /// <summary>A subscriber has ended.</summary>
    public void Forget(IActorRef subscriber)
    {
        _events.Remove(subscriber);
        _peers.Forget(subscriber);
        _updates.Settle();
    }

    /// <summary>Whether the message was about something that takes longer.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        if (message is CoreProtocol.Seek seek)
            _seeks.Begin(_core, asker, seek);
        else if (message is CoreProtocol.AwaitChange change)
            _changes.Begin(change, asker);
        else
            return _drafts.Handle(message, asker) || _repairs.Handle(message, asker) || _downloads.Handle(message, asker)
                || _peers.Handle(message, asker) || _updates.Handle(message, asker);
        return true;
    }

    /// <summary>Takes a question back that waits; the read that a seek waits for, if any.</summary>
    public CoreOrder? Cancel(IActorRef asker, long request)
    {
        _repairs.Cancel(asker, request);
        _updates.Cancel(asker, request);
        _changes.Cancel(asker, request);
        return _seeks.Cancel(asker, request);
    }

    /// <summary>Whether the effect belonged to one of them alone.</summary>
    public bool Handle(CoreEffect effect)
    {
        _updates.Handle(effect);
        _changes.Handle(effect);
        return _seeks.Handle(_core, effect) || _repairs.Handle(effect) || _downloads.Handle(effect);
    }

    /// <summary>The disk has refused a change: the core takes no more of them.</summary>
    public void Fail(PersistId change, string reason)
    {
        _core.HandlePersistFailed(change, reason);
        _changes.Tell();
    }

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        _pending.Close();
        _seeks.Close();
        _repairs.Close();
        _downloads.Close();
        _updates.Close();
        _changes.Close();
    }
}
