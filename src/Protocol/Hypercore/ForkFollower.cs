using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Moves a core to a higher fork: takes its signed tree, then the nodes that tell how many blocks both share.</summary>
internal sealed class ForkFollower(CoreJournal journal, ProofReceiver receiver)
{
    private Reorganization? _search;

    /// <summary>What a peer of the fork must be asked for; null when no search is under way.</summary>
    internal WantedNode? Wanted => IsCurrent ? _search!.Wanted : null;

    private bool IsCurrent => _search is not null && ReferenceEquals(_search.Old, journal.Accepted);

    /// <summary>Takes a proof whose fork is above the core's.</summary>
    internal ProofOutcome Accept(MerkleProof proof)
    {
        ProofOutcome outcome = proof.Upgrade is null ? Continue(proof) : Begin(proof);
        if (outcome != ProofOutcome.Accepted)
            return outcome;
        if (!_search!.IsComplete)
            return ProofOutcome.Incomplete;
        Reorganization search = _search;
        _search = null;
        return receiver.Accept(search);
    }

    // A search that runs is not begun again by another peer's tree of the same fork: they share its progress.
    private ProofOutcome Begin(MerkleProof proof)
    {
        if (IsCurrent && proof.Fork <= _search!.Fork)
            return proof.Fork == _search.Fork ? ProofOutcome.Accepted : ProofOutcome.Stale;
        ProofOutcome outcome = receiver.TryReorganize(proof, out Reorganization? search);
        _search = search ?? _search;
        return outcome;
    }

    private ProofOutcome Continue(MerkleProof proof)
    {
        if (!IsCurrent || proof.Fork != _search!.Fork)
            return ProofOutcome.Stale;
        return _search.TryUpdate(proof) ? ProofOutcome.Accepted : ProofOutcome.Malformed;
    }
}
