using Akka.Actor;

namespace Hyper.Actors.Storage.Bees;

/// <summary>Who has read the whole history and waits for what comes next.</summary>
internal sealed class BeeFollowers
{
    private readonly List<(IActorRef Asker, BeeProtocol.GetHistory Question)> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>Keeps a question that asks for the next block; false for one that can be answered at once.</summary>
    public bool TryWait(IActorRef asker, BeeProtocol.GetHistory question, long length)
    {
        length = Math.Max(1, length);
        if (!question.Waits || question.From < length)
            return false;
        if (question.From > length)
            TellCut(asker, question, length);
        else
            _waiting.Add((asker, question));
        return true;
    }

    public void Remove(IActorRef asker, long? request = null)
        => _waiting.RemoveAll(one => one.Asker.Equals(asker) && (request is null || one.Question.Request == request));

    /// <summary>The questions that the longer history answers.</summary>
    public IReadOnlyList<(IActorRef Asker, BeeProtocol.GetHistory Question)> HandleGrown(long length)
    {
        if (_waiting.Count == 0)
            return [];
        (IActorRef, BeeProtocol.GetHistory)[] ready = [.. _waiting.Where(one => one.Question.From < length)];
        _waiting.RemoveAll(one => one.Question.From < length);
        return ready;
    }

    /// <summary>The blocks from this length on are others than before.</summary>
    public void HandleCut(long ancestors)
    {
        foreach ((IActorRef asker, BeeProtocol.GetHistory question) in _waiting)
            TellCut(asker, question, Math.Max(1, ancestors));
        _waiting.Clear();
    }

    private static void TellCut(IActorRef asker, BeeProtocol.GetHistory question, long length)
        => asker.Tell(new BeeProtocol.History(question.Request, []) { CutTo = length });
}
