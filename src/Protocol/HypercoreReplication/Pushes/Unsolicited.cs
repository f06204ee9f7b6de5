using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Protocol.HypercoreReplication.Pushes;

/// <summary>What comes without a request: evidence of a second history always, blocks only where they are allowed.</summary>
internal sealed class Unsolicited(
    ReplicationOptions options, BlockSet have, ReplicationCounters counters, Action<ReplicationEffect> emit)
{
    private readonly Dictionary<long, long?> _checking = [];
    private long _lastId;
    private bool _diskRefuses;

    public void Handle(MerkleProof proof, LocalCore core, bool allowed)
    {
        // Anyone may show another signed tree of our length at any time.
        if (proof is { Upgrade: { Start: 0 } upgrade } && proof.Fork == core.Fork && upgrade.Length <= core.Length)
            emit(new ReplicationEffect.CheckConflict(proof));
        bool bringsRoots = core.LostLength is not null && proof.Upgrade is { Start: 0 };
        if (!(allowed || bringsRoots) || _diskRefuses || proof.Fork != core.Fork || _checking.Count >= options.MaxPushes)
            return;
        if (proof.Block is { } block && have.Contains(block.Index))
            return;
        _checking.Add(--_lastId, proof.Block?.Index);
        emit(new ReplicationEffect.Verify(_lastId, proof));
    }

    /// <summary>Whether what was verified had come unasked; such data may be useless by accident and is no fault.</summary>
    public bool HandleVerified(long id, VerifyOutcome outcome)
    {
        if (!_checking.Remove(id, out long? block))
            return false;
        if (outcome == VerifyOutcome.Stored && block is { } stored)
            have.Add(stored, 1);
        if (outcome is VerifyOutcome.Malformed or VerifyOutcome.Untrue)
            counters.CountInvalidData();
        _diskRefuses |= outcome == VerifyOutcome.WriteFailed;
        return true;
    }
}
