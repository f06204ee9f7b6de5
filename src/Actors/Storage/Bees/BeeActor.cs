using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The B-tree in one core: writes to its own, reads its own and others'. Nobody else appends to that core.</summary>
public sealed class BeeActor : UntypedActor, IWithUnboundedStash
{
    private readonly IActorRef _core;
    private readonly BeeActorOptions _options;
    private readonly BeeBlocks _blocks;
    private readonly BeeWriter _writer;
    private readonly BeeQuestions _questions;
    private readonly BeeWatches _watches;
    private readonly BeeTail _tail = new();
    private readonly HashSet<ulong> _loading = [];
    private bool _subscribed;

    public BeeActor(IActorRef core, BeeActorOptions options)
    {
        _core = core;
        _options = options;
        _blocks = new BeeBlocks(_tail.TryGet, options.Bee);
        _writer = new BeeWriter(_blocks);
        _questions = new BeeQuestions(Load);
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
                break;
            case CoreProtocol.Cut cut:
                _tail.HandleStored(cut.Core.Length, cut: true);
                _blocks.Truncate((ulong)cut.Ancestors);
                _writer.Forget();
                _watches.HandleLength(cut.Core.Length, cut: true);
                break;
            case CoreProtocol.Block { Bytes: { } bytes } block:
                Loaded((ulong)block.Index, bytes);
                break;
            case CoreProtocol.Done done:
                _tail.TryEnd(done.Request, null);
                break;
            case CoreProtocol.Failed failed when _tail.TryEnd(failed.Request, failed.Reason):
                _blocks.Truncate((ulong)_tail.Length);
                _writer.Forget();
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
        if (IsBusy(write.Request))
            return;
        _writer.Add(new BeeOrder(Sender, write));
        Write();
    }

    private void Accept(BeeProtocol.IQuery query)
    {
        if (IsBusy(query.Request))
            return;
        if (query is BeeProtocol.Watch watch)
            _watches.Add(Context.Watch(Sender), watch, _tail.Length);
        else
            _questions.Add(BeeQuestion.For(query, Sender, _blocks, _tail.Length, _options.MaxEntries));
    }

    private bool IsBusy(long request)
    {
        bool busy = _questions.Count + _watches.Count + _writer.Count + _tail.Count >= _options.MaxWaiting;
        if (busy)
            Sender.Tell(new BeeProtocol.Failed(request, BeeProblem.Busy, "too many operations wait"));
        return busy;
    }

    private void Write()
    {
        while (_writer.TryFinish(_tail.Length, out BeeOrder order, out IReadOnlyList<byte[]> written))
        {
            if (_tail.Length == 0)
                Append(null, [_options.Header.Encode()]);
            Append(order, written);
        }

        if (_writer.NeedBlock is { } sequence)
            Load(sequence);
        else if (_writer.Fault is not BeeFault.None and var fault)
        {
            BeeOrder failed = _writer.Drop();
            failed.Asker.Tell(BeeProblems.Answer(failed.Write.Request, fault));
            Write();
        }
    }

    private void Append(BeeOrder? order, IReadOnlyList<byte[]> written)
    {
        _blocks.Add((ulong)_tail.Length, written);
        if (_tail.Begin(order, written) is { } append)
            _core.Tell(append);
    }

    // Reads are numbered by the block, below zero, so that they never meet the numbers of appends.
    private void Load(ulong sequence)
    {
        if (_loading.Add(sequence))
            _core.Tell(new CoreProtocol.GetBlock(-(long)sequence, (long)sequence));
    }

    private void Loaded(ulong sequence, ReadOnlyMemory<byte> bytes)
    {
        _loading.Remove(sequence);
        _writer.Loaded(sequence, bytes);
        _questions.Loaded(sequence, bytes);
        GoOn();
    }

    private void Missing(ulong sequence)
    {
        _loading.Remove(sequence);
        _writer.Unavailable(sequence);
        _questions.Unavailable(sequence);
        GoOn();
    }

    private void GoOn()
    {
        _questions.GoOn();
        Write();
    }
}
