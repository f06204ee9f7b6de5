using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The B-tree in one core: writes to its own, reads its own and others'. Nobody else appends to that core.</summary>
public sealed class BeeActor : UntypedActor, IWithUnboundedStash
{
    private readonly IActorRef _core;
    private readonly BeeActorOptions _options;
    private readonly BeeBlocks _blocks;
    private readonly BeeWrites _writes;
    private readonly BeeQuestions _questions;
    private readonly BeeWatches _watches;
    private readonly BeeFollowers _followers = new();
    private readonly BeeTail _tail = new();
    private readonly BeeLoads _loads;
    private readonly BeeHints _hints;
    private bool _subscribed;

    public BeeActor(IActorRef core, BeeActorOptions options)
    {
        _core = core;
        _options = options;
        _blocks = new BeeBlocks(_tail.TryGet, options.Bee);
        _loads = new BeeLoads(core, options.MaxAhead);
        _writes = new BeeWrites(core, _blocks, _tail, _loads, options.Header);
        _hints = new BeeHints(core, new BeeBlocks(_tail.TryGet, options.HintedBee), options.MaxHintAnswers, Prefetch);
        _questions = new BeeQuestions(_loads, Prefetch, options.SharesHints ? _hints.Ask : _ => { });
        _watches = new BeeWatches(_blocks, _questions);
    }

    public IStash Stash { get; set; } = null!;

    /// <param name="core">The <see cref="CoreActor"/> below.</param>
    /// <param name="options">The defaults when null.</param>
    public static Props Props(IActorRef core, BeeActorOptions? options = null)
        => ActorProps.Of(() => new BeeActor(core, options ?? new BeeActorOptions()));

    protected override void PreStart()
    {
        Context.Watch(_core);
        _core.Tell(new CoreProtocol.Subscribe(0));
        if (_options.SharesHints)
            _core.Tell(new CoreProtocol.AddExtension(0, BeeHint.ExtensionName));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CoreProtocol.IEvent fact:
                Handle(fact);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_core):
                Context.Stop(Self);
                break;
            case Terminated terminated:
                _watches.Remove(terminated.ActorRef);
                _followers.Remove(terminated.ActorRef);
                break;
            case BeeProtocol.ICommand or BeeProtocol.IQuery when !_subscribed:
                Stash.Stash();
                break;
            case BeeProtocol.Write write:
                Accept(write);
                break;
            case BeeProtocol.Cancel cancel:
                _questions.Cancel(Sender, cancel.Request);
                _watches.Remove(Sender, cancel.Request);
                _followers.Remove(Sender, cancel.Request);
                break;
            case BeeProtocol.IQuery query:
                Accept(query);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Handle(CoreProtocol.IEvent fact)
    {
        switch (fact)
        {
            case CoreProtocol.Subscribed subscribed:
                _subscribed = true;
                _tail.HandleStored(subscribed.Core.Length);
                Stash.UnstashAll();
                break;
            case CoreProtocol.Grown grown:
                _tail.HandleStored(grown.Core.Length);
                _watches.HandleLength(grown.Core.Length, cut: false);
                foreach ((IActorRef asker, BeeProtocol.GetHistory question) in _followers.HandleGrown(_tail.Length))
                    Ask(question, asker);
                break;
            case CoreProtocol.Cut cut:
                _tail.HandleStored(cut.Core.Length, cut: true);
                _blocks.Truncate((ulong)cut.Ancestors);
                _hints.Truncate((ulong)cut.Ancestors);
                _writes.Forget();
                _watches.HandleLength(cut.Core.Length, cut: true);
                _followers.HandleCut(cut.Ancestors);
                break;
            case CoreProtocol.Block { Bytes: { } bytes } block:
                Loaded((ulong)block.Index, bytes);
                break;
            case CoreProtocol.Block absent:
                _hints.Unavailable((ulong)absent.Index);
                break;
            case CoreProtocol.BlockNeeded needed:
                _loads.HandleRemote((ulong)needed.Index);
                _questions.HandleRemote((ulong)needed.Index);
                break;
            case CoreProtocol.ExtensionReceived message:
                _hints.Handle(message, Sender, (ulong)_tail.Length);
                break;
            case CoreProtocol.Done done:
                _writes.TryEnd(done.Request);
                break;
            case CoreProtocol.Failed failed when _writes.TryEnd(failed.Request, failed.Reason):
                break;
            case CoreProtocol.Failed failed when failed.Request < 0:
                Missing((ulong)-failed.Request);
                break;
            case CoreProtocol.Failed failed:
                throw new CoreFailedException(failed.Problem, failed.Reason);
        }
    }

    private void Accept(BeeProtocol.Write write)
    {
        if (!IsBusy(write.Request))
            _writes.Add(new BeeOrder(Sender, write));
    }

    private void Accept(BeeProtocol.IQuery query)
    {
        if (IsBusy(query.Request))
            return;
        if (query is BeeProtocol.Watch watch)
            _watches.Add(Context.Watch(Sender), watch, _tail.Length);
        else if (query is not BeeProtocol.GetHistory next || !_followers.TryWait(Sender, next, _tail.Length))
            Ask(query, Sender);
    }

    private void Ask(BeeProtocol.IQuery query, IActorRef asker)
        => _questions.Add(BeeQuestion.For(query, asker, _blocks, _tail.Length, _options));

    private bool IsBusy(long request)
    {
        bool busy = _questions.Count + _watches.Count + _followers.Count + _writes.Count >= _options.MaxWaiting;
        if (busy)
            Sender.Tell(new BeeProtocol.Failed(request, BeeProblem.Busy, "too many operations wait"));
        return busy;
    }

    private void Prefetch(ulong sequence)
    {
        if (!_blocks.Holds(sequence))
            _loads.LoadAhead(sequence);
    }

    private void Loaded(ulong sequence, ReadOnlyMemory<byte> bytes)
    {
        if (_loads.End(sequence))
            _blocks.Remember(sequence, bytes);
        _hints.Loaded(sequence, bytes);
        _questions.Loaded(sequence, bytes);
        _writes.Loaded(sequence, bytes);
    }

    private void Missing(ulong sequence)
    {
        _loads.End(sequence);
        _questions.Unavailable(sequence);
        _writes.Unavailable(sequence);
    }
}
