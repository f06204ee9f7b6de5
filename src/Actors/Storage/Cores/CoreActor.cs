using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Owns one core and its folder. Orders are answered when they are on disk; many of them share a flush.</summary>
public sealed class CoreActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly CoreOptions _options;
    private readonly CoreEvents _events;
    private readonly PendingOrders _pending;
    private readonly CutHistory _cuts;
    private HypercoreMachine _core = null!;
    private CoreRequests _requests = null!;
    private CoreDisk? _disk;
    private CoreProtocol.OpenFailed? _openFailed;

    public CoreActor(PeerRuntime runtime, CoreOptions options)
    {
        _runtime = runtime;
        _options = options;
        _pending = new PendingOrders(options.MaxPendingOrders);
        _cuts = new CutHistory(options.Limits.MaxCuts);
        _events = new CoreEvents(options.RecordsEvents ? runtime.Events : Runtime.Events.NullEventRecorder.Instance, options.MaxSubscribers);
    }

    public static Props Props(PeerRuntime runtime, CoreOptions options)
        => ActorProps.Of(() => new CoreActor(runtime, options));

    protected override void PreStart()
    {
        try
        {
            IActorRef self = Self;
            (_core, _disk) = CoreFolder.Open(_runtime.Files, _options, report => self.Tell(report, ActorRefs.NoSender));
        }
        catch (Exception error) when (CoreFolder.ProblemOf(error) is { } problem)
        {
            _openFailed = new CoreProtocol.OpenFailed(_options.Folder, problem, error.Message);
            Context.Parent.Tell(_openFailed);
            return;
        }

        _requests = new CoreRequests(Self, _core, _events, _pending, _options.Limits);
        Drain();
        Context.Parent.Tell(new CoreProtocol.Opened(CoreInfo.Of(_core)));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CoreProtocol.ICommand command when _openFailed is not null:
                Fail(command.Request, _openFailed);
                return;
            case CoreProtocol.IQuery query when _openFailed is not null:
                Fail(query.Request, _openFailed);
                return;
            case CoreDisk.StepDone done:
                Handle(done);
                break;
            case Terminated ended:
                _requests?.Forget(ended.ActorRef);
                break;
            case not null when _pending.Refuses(message, Sender) || _events.Accept(message, Sender):
                break;
            case not null when _requests.Answer(message) is { } answer:
                Sender.Tell(answer);
                break;
            case not null when _requests.Handle(message, Sender):
                break;
            case CoreProtocol.ICommand command:
                Handle(command);
                break;
            case CoreProtocol.IQuery query:
                Handle(query);
                break;
            default:
                Unhandled(message);
                return;
        }

        Drain();
    }

    protected override void PostStop()
    {
        _disk?.Dispose();
        _requests?.Close();
    }

    private void Handle(CoreDisk.StepDone done)
    {
        if (!_disk!.Handle(done))
            return;
        if (done.Error is { } reason)
            _requests.Fail(done.Id, reason);
        else
            _core.HandlePersisted(done.Id);
    }

    private void Handle(CoreProtocol.ICommand command)
    {
        switch (command)
        {
            case CoreProtocol.Append append:
                _pending.Add(_core.Append(append.Blocks, append.Signature, append.At), Sender, append.Request, append.Blocks.Count);
                break;
            case CoreProtocol.Truncate truncate:
                _pending.Add(_core.Truncate(truncate.Length, truncate.Fork, truncate.Signature), Sender, truncate.Request);
                break;
            case CoreProtocol.Clear clear:
                _pending.Add(_core.Clear(clear.Start, clear.End), Sender, clear.Request);
                break;
            case CoreProtocol.SetUserData set:
                _pending.Add(_core.SetUserData(set.Key, set.Value), Sender, set.Request);
                break;
            case CoreProtocol.Adopt adopt:
                _pending.Add(_core.Adopt(adopt.Identity), Sender, adopt.Request);
                break;
            case CoreProtocol.Subscribe subscribe when _events.TryAdd(Sender):
                Context.Watch(Sender);
                _requests.Begin(subscribe, Sender);
                break;
            case CoreProtocol.Subscribe subscribe:
                string reason = $"{_options.MaxSubscribers} actors have subscribed already";
                Sender.Tell(new CoreProtocol.Failed(subscribe.Request, CoreProblem.LimitReached, reason));
                break;
            case CoreProtocol.Unsubscribe:
                Context.Unwatch(Sender);
                _requests.Forget(Sender);
                break;
            default:
                Unhandled(command);
                break;
        }
    }

    private void Handle(CoreProtocol.IQuery query)
    {
        switch (query)
        {
            case CoreProtocol.GetBlock { At: { } point } get when !_cuts.Holds(point, get.Index, _core.Accepted):
                string reason = $"block {get.Index} is not in the snapshot, or was cut off since";
                Sender.Tell(new CoreProtocol.Failed(get.Request, CoreProblem.OutOfRange, reason));
                break;
            case CoreProtocol.GetBlock { Wait: false } get:
                Sender.Tell(_requests.Block(get));
                break;
            case CoreProtocol.GetBlock get:
                _pending.Add(_core.Get(get.Index), Sender, get.Request);
                break;
            case CoreProtocol.CancelGet cancel:
                if ((_pending.Remove(Sender, cancel.Request) ?? _requests.Cancel(Sender, cancel.Request)) is { } order)
                    _core.CancelGet(order);
                break;
            default:
                Unhandled(query);
                break;
        }
    }

    private void Drain()
    {
        do
        {
            while (_core.TryTake(out CoreEffect effect))
                Perform(effect);
        }
        while (TryHandleDone());
    }

    private bool TryHandleDone()
    {
        bool done = _disk!.TryTakeDone(out CoreDisk.StepDone? step);
        if (done)
            Handle(step!);
        return done;
    }

    private void Perform(CoreEffect effect)
    {
        if (effect is Persist persist)
            _disk!.Submit(persist);
        else if (!_requests.Handle(effect) && !_pending.Answer(effect))
            Publish(effect);
    }

    private void Publish(CoreEffect effect)
    {
        if (effect is Truncated cut)
            _cuts.Add(cut);
        _events.Publish(effect, _core);
    }

    private void Fail(long request, CoreProtocol.OpenFailed failed)
        => Sender.Tell(new CoreProtocol.Failed(request, failed.Problem, failed.Reason));
}
