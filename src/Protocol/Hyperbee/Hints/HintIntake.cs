namespace Hyper.Protocol.Hyperbee.Hints;

/// <summary>Decides which of the blocks that peers name are fetched: no more than the questions asked can touch, and none that cannot exist.</summary>
public sealed class HintIntake
{
    private const int BlocksOfLookup = 256;
    private const int MaxAllowance = 2 * HintAnswer.MaxBlocks;
    private int _allowance;

    /// <summary>Named blocks that were not fetched.</summary>
    public long Refused { get; private set; }

    /// <summary>A question has been asked: so many blocks may be named in answer.</summary>
    public void HandleAsked(BeeHint question)
        => _allowance = Math.Min(_allowance + (question.Scan is null ? BlocksOfLookup : HintAnswer.MaxBlocks), MaxAllowance);

    /// <summary>The blocks to fetch.</summary>
    /// <param name="hint">From a peer.</param>
    /// <param name="length">Of the core; nothing beyond it is fetched.</param>
    public IReadOnlyList<ulong> Accept(BlockHint hint, ulong length)
    {
        List<ulong> accepted = [];
        foreach (ulong sequence in hint.Sequences)
        {
            if (accepted.Count == _allowance)
                break;
            if (sequence > 0 && sequence < length && sequence >= hint.Start && sequence < hint.End)
                accepted.Add(sequence);
        }

        _allowance -= accepted.Count;
        Refused += hint.Sequences.Count - accepted.Count;
        return accepted;
    }
}
