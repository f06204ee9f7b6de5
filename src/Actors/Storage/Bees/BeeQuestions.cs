using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The reads under way; each goes on when the block that it waits for has come.</summary>
/// <param name="load">Fetches a block, from the core or through it from peers.</param>
internal sealed class BeeQuestions(Action<ulong> load)
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
    }

    public void Unavailable(ulong sequence)
    {
        foreach (BeeQuestion question in _waiting)
            question.Operation.Unavailable(sequence);
    }

    /// <summary>Answers what can be answered now; an answer may raise new questions.</summary>
    public void GoOn()
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
            load(question.Operation.NeedBlock!.Value);
            return false;
        }

        BeeProtocol.IEvent? answer = progress == BeeProgress.Done
            ? question.Answer()
            : BeeProblems.Answer(question.Request, question.Operation.Fault);
        if (answer is not null)
            question.Asker.Tell(answer);
        return true;
    }
}
