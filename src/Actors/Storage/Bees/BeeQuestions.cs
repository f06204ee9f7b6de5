using Akka.Actor;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The reads under way; each goes on when the block that it waits for has come.</summary>
/// <param name="loads">Fetches blocks, from the core or through it from peers.</param>
/// <param name="fetchAhead">Fetches a block that no read needs yet.</param>
/// <param name="ask">Asks peers which blocks a read will touch.</param>
internal sealed class BeeQuestions(BeeLoads loads, Action<ulong> fetchAhead, Action<BeeHint> ask)
{
    private readonly List<BeeQuestion> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(BeeQuestion question)
    {
        if (!TryAnswer(question))
            _waiting.Add(question);
    }

    public void Cancel(IActorRef asker, long request)
        => _waiting.RemoveAll(question => question.Request == request && question.Asker.Equals(asker));

    public void Loaded(ulong sequence, ReadOnlyMemory<byte> bytes)
    {
        foreach (BeeQuestion question in _waiting)
            question.Operation.Loaded(sequence, bytes);
        GoOn();
    }

    public void Unavailable(ulong sequence)
    {
        foreach (BeeQuestion question in _waiting)
            question.Operation.Unavailable(sequence);
        GoOn();
    }

    /// <summary>A block comes from peers: those who wait for it had better ask for all that they will need.</summary>
    public void HandleRemote(ulong sequence)
    {
        foreach (BeeQuestion question in _waiting.Where(question => question.Operation.NeedBlock == sequence))
            AskPeers(question.Operation);
    }

    // An answer may raise new questions.
    private void GoOn()
    {
        foreach (BeeQuestion question in _waiting.Where(question => question.Operation.NeedBlock is null).ToArray())
        {
            if (TryAnswer(question))
                _waiting.Remove(question);
        }
    }

    private bool TryAnswer(BeeQuestion question)
    {
        BeeProgress progress = question.Advance();
        if (progress == BeeProgress.NeedsBlock)
        {
            Load(question.Operation, question.Operation.NeedBlock!.Value);
            return false;
        }

        BeeProtocol.IEvent? answer = progress == BeeProgress.Done
            ? question.Answer()
            : BeeProblems.Answer(question.Request, question.Operation.Fault);
        if (answer is not null)
            question.Asker.Tell(answer);
        return true;
    }

    private void Load(BeeOperation operation, ulong sequence)
    {
        loads.Load(sequence);
        if (loads.IsRemote(sequence))
            AskPeers(operation);
        while (operation.TryTakeAhead(out ulong ahead))
            fetchAhead(ahead);
    }

    private void AskPeers(BeeOperation operation)
    {
        operation.IsRemote = true;
        if (operation.TakeHint() is { } question)
            ask(question);
    }
}
