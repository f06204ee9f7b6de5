using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The extension of bees: asks peers which blocks a read will touch, and tells them the same of what is stored here.</summary>
/// <param name="core">Carries the messages.</param>
/// <param name="blocks">Decoded for answers only, so that no peer turns over the cache of our own reads.</param>
/// <param name="maxAnswers">Questions of peers under way; more are left unanswered.</param>
/// <param name="fetch">Fetches a block ahead.</param>
internal sealed class BeeHints(IActorRef core, BeeBlocks blocks, int maxAnswers, Action<ulong> fetch)
{
    private readonly HintIntake _intake = new();
    private readonly List<(IActorRef Session, HintAnswer Answer)> _answers = [];

    /// <summary>Messages of peers that could not be read or were too many, and blocks named beyond what was asked.</summary>
    public long Refused { get; private set; }

    public void Ask(BeeHint question)
    {
        _intake.HandleAsked(question);
        core.Tell(new CoreProtocol.SendExtension(0, BeeHint.ExtensionName, question.ToPayload()));
    }

    public void Handle(CoreProtocol.ExtensionReceived message, IActorRef session, ulong length)
    {
        if (!BeeHint.TryReadPayload(message.Payload.Span, out BeeHint hint))
            Refused++;
        else if (hint.Blocks is { } named)
            Fetch(named, length);
        foreach (HintAnswer answer in HintAnswer.For(hint, blocks, length))
            Begin(session, answer);
    }

    public void Truncate(ulong length) => blocks.Truncate(length);

    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block)
    {
        foreach ((_, HintAnswer answer) in _answers)
            answer.Loaded(sequence, block);
        GoOn();
    }

    /// <summary>The core does not hold the block; the answer ends with it.</summary>
    public void Unavailable(ulong sequence)
    {
        foreach ((_, HintAnswer answer) in _answers)
            answer.Unavailable(sequence);
        GoOn();
    }

    private void Fetch(BlockHint named, ulong length)
    {
        long before = _intake.Refused;
        foreach (ulong sequence in _intake.Accept(named, length))
            fetch(sequence);
        Refused += _intake.Refused - before;
    }

    private void Begin(IActorRef session, HintAnswer answer)
    {
        if (_answers.Count >= maxAnswers)
            Refused++;
        else if (!TryFinish(session, answer))
            _answers.Add((session, answer));
    }

    private void GoOn() => _answers.RemoveAll(waiting => waiting.Answer.NeedBlock is null && TryFinish(waiting.Session, waiting.Answer));

    private bool TryFinish(IActorRef session, HintAnswer answer)
    {
        bool ended = answer.Advance();
        while (answer.TryTake(ended, out BeeHint named))
            session.Tell(new CoreProtocol.ExtensionSent(BeeHint.ExtensionName, named.ToPayload()));
        if (!ended && answer.NeedBlock is { } sequence)
            core.Tell(new CoreProtocol.GetBlock(-(long)sequence, (long)sequence, Wait: false));
        return ended;
    }
}
