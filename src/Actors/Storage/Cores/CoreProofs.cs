using System.Collections.Immutable;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Answers what peers ask of a core and takes what they prove.</summary>
internal sealed class CoreProofs(HypercoreMachine core, CoreEvents events, ByteSeeks seeks, CoreRepairs repairs)
{
    /// <summary>The answer; null for messages that are not about proofs.</summary>
    public CoreProtocol.IEvent? Answer(object message) => message switch
    {
        CoreProtocol.Verify verify => Verify(verify),
        CoreProtocol.VerifyAll all => new CoreProtocol.VerifiedAll(all.Request, VerifyAll(all.Proofs)),
        CoreProtocol.CheckConflict check => new CoreProtocol.ConflictChecked(check.Request, core.CheckConflict(check.Proof)),
        CoreProtocol.Prove prove => ProveAll([prove])[0],
        CoreProtocol.ProveAll all => new CoreProtocol.ProvenAll(all.Request, ProveAll(all.Requests)),
        CoreProtocol.GetMissing missing
            => new CoreProtocol.MissingBlocks(missing.Request, StoredBlocks.Missing(core, missing.Blocks)),
        _ => null,
    };

    private ImmutableArray<CoreProtocol.Verified> VerifyAll(IReadOnlyList<CoreProtocol.Verify> proofs)
    {
        MerkleNode?[] leaves = MerkleHash.LeavesOf([.. proofs.Select(verify => verify.Proof)]);
        core.BeginGroup();
        ImmutableArray<CoreProtocol.Verified> answers = [.. proofs.Select((verify, i) => Verify(verify, leaves[i]))];
        core.EndGroup();
        return answers;
    }

    private CoreProtocol.Verified Verify(CoreProtocol.Verify verify, MerkleNode? leaf = null)
    {
        ProofOutcome outcome = core.Accept(verify.Proof, leaf);
        events.RecordVerified(core.Key, verify.Proof, outcome);
        if (outcome == ProofOutcome.Accepted)
        {
            seeks.Handle(core, verify.Proof);
            repairs.Handle(verify.Proof);
        }

        return new CoreProtocol.Verified(verify.Request, outcome, core.Wanted);
    }

    private ImmutableArray<CoreProtocol.Proven> ProveAll(IReadOnlyList<CoreProtocol.Prove> requests)
    {
        CoreProtocol.Prove[] asked = [.. requests.Where(prove => !IsEmpty(prove))];
        MerkleProof?[] proofs = core.ProveAll([.. asked.Select(prove => prove.Parts)]);
        int next = 0;
        return [.. requests.Select(prove => Answer(prove, IsEmpty(prove) ? new MerkleProof(core.Tree.Fork) : proofs[next++]))];
    }

    private static bool IsEmpty(CoreProtocol.Prove prove) => prove.Parts is { Block: null, Hash: null, Upgrade: null };

    private CoreProtocol.Proven Answer(CoreProtocol.Prove prove, MerkleProof? proof)
        => new(prove.Request, proof is not null && prove.Manifest && !core.Compat ? proof with { Manifest = core.Manifest } : proof);
}
