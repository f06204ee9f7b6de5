using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>A request of ours that is under way.</summary>
internal sealed record OutgoingRequest(long Id, long Fork, ProofRequest Parts, bool Manifest, TimeSpan Deadline)
{
    public long? Block => Parts.Block?.Index;

    /// <summary>The request whose answer brings the node that this one's proof ends at; null when that node is stored.</summary>
    public RestsOn? Via { get; init; }

    /// <summary>Whether what the proof rests on was refused or wrong, which has counted as a fault itself.</summary>
    public bool IsOrphan(BlockSet have) => Via is { } via && !have.Contains(via.Block);

    /// <summary>Whether an answer holds nothing but what was asked for.</summary>
    public bool Matches(MerkleProof proof)
        => proof.Fork == Fork
            && (proof.Block is null || proof.Block.Index == Parts.Block?.Index)
            && (proof.Hash is null || proof.Hash.Index == Parts.Hash?.Index)
            && (proof.Seek is null || proof.Seek.Bytes == Parts.Seek?.Bytes)
            && (proof.Upgrade is null || Parts.Upgrade is not null);

    /// <summary>Whether an answer holds all that was asked for.</summary>
    public bool IsMetBy(MerkleProof proof)
        => (Parts.Block is null || proof.Block is not null) && (Parts.Hash is null || proof.Hash is not null)
            && (Parts.Upgrade is null || proof.Upgrade is not null);
}

/// <summary>The request for a block whose proof another proof goes on from.</summary>
internal readonly record struct RestsOn(long Request, long Block);
