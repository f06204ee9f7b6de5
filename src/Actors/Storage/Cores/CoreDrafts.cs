using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;

namespace Hyper.Actors.Storage.Cores;

/// <summary>The open drafts over one core, each known by a number.</summary>
internal sealed class CoreDrafts(HypercoreMachine core, PendingOrders pending, CoreLimits limits)
{
    private readonly Dictionary<long, CoreDraft> _drafts = [];
    private long _last;

    /// <summary>Whether the message was about drafts, which then is answered now or when it is on disk.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        switch (message)
        {
            case DraftProtocol.Begin begin:
                Begin(begin, asker);
                return true;
            case DraftProtocol.Append append:
                if (Find(append.Draft, append.Request, asker) is { } longer)
                {
                    longer.Append(append.Blocks);
                    Tell(longer, append.Request, asker);
                }

                return true;
            case DraftProtocol.Truncate cut:
                if (Find(cut.Draft, cut.Request, asker) is { } shorter)
                    Truncate(shorter, cut, asker);
                return true;
            case DraftProtocol.GetBlock get:
                if (Find(get.Draft, get.Request, asker) is { } read)
                    Read(read, get, asker);
                return true;
            case DraftProtocol.GetState state:
                if (Find(state.Draft, state.Request, asker) is { } known)
                    Tell(known, state.Request, asker);
                return true;
            case DraftProtocol.Flush flush:
                if (Find(flush.Draft, flush.Request, asker) is { } draft)
                    Flush(draft, flush, asker);
                return true;
            case DraftProtocol.DropPending drop:
                pending.Add(core.DropPending(), asker, drop.Request);
                return true;
            case DraftProtocol.Close close:
                _drafts.Remove(close.Draft);
                asker.Tell(new DraftProtocol.Closed(close.Request));
                return true;
            default:
                return false;
        }
    }

    private void Begin(DraftProtocol.Begin begin, IActorRef asker)
    {
        if (_drafts.Count >= limits.MaxDrafts)
            Fail(begin.Request, CoreProblem.LimitReached, $"{limits.MaxDrafts} drafts are open already", asker);
        else if (core.BeginDraft(begin.Start, begin.Checkout) is not { } draft)
            Fail(begin.Request, CoreProblem.OutOfRange, "the core cannot be read at that length", asker);
        else
        {
            _drafts.Add(++_last, draft);
            asker.Tell(new DraftProtocol.Begun(begin.Request, _last, draft.Length));
        }
    }

    private static void Read(CoreDraft draft, DraftProtocol.GetBlock get, IActorRef asker)
    {
        bool found = draft.TryRead(get.Index, out ReadOnlyMemory<byte> block);
        asker.Tell(new CoreProtocol.Block(get.Request, get.Index, found ? block : default(ReadOnlyMemory<byte>?)));
    }

    private static void Truncate(CoreDraft draft, DraftProtocol.Truncate cut, IActorRef asker)
    {
        if (draft.TryTruncate(cut.Length))
            Tell(draft, cut.Request, asker);
        else
            Fail(cut.Request, CoreProblem.OutOfRange, $"only blocks {draft.Base.Length} to {draft.Length} are the draft's own", asker);
    }

    private void Flush(CoreDraft draft, DraftProtocol.Flush flush, IActorRef asker)
    {
        long flushed = draft.Base.Length;
        CoreOrder order = flush.IsUnsigned ? core.Keep(draft, flush.Length) : core.Flush(draft, flush.Length, flush.Signature);
        pending.Add(order, asker, flush.Request, flush.IsUnsigned ? 0 : (int)(draft.Base.Length - flushed));
    }

    private CoreDraft? Find(long draft, long request, IActorRef asker)
    {
        if (_drafts.TryGetValue(draft, out CoreDraft? open))
            return open;
        Fail(request, CoreProblem.NotFound, "there is no such draft", asker);
        return null;
    }

    private static void Tell(CoreDraft draft, long request, IActorRef asker)
        => asker.Tell(new DraftProtocol.State(request, draft.Preview(), draft.Base.Length, draft.ByteLength));

    private static void Fail(long request, CoreProblem problem, string reason, IActorRef asker)
        => asker.Tell(new CoreProtocol.Failed(request, problem, reason));
}
