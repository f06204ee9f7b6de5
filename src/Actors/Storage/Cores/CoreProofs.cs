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
        CoreProtocol.Prove prove => Prove(prove),
        CoreProtocol.ProveAll all => new CoreProtocol.ProvenAll(all.Request, [.. all.Requests.Select(Prove)]),
        CoreProtocol.GetMissing missing
            => new CoreProtocol.MissingBlocks(missing.Request, StoredBlocks.Missing(core, missing.Blocks)),
        _ => null,
    };

    private ImmutableArray<CoreProtocol.Verified> VerifyAll(IReadOnlyList<CoreProtocol.Verify> proofs)
    {
        core.BeginGroup();
        ImmutableArray<CoreProtocol.Verified> answers = [.. proofs.Select(Verify)];
        core.EndGroup();
        return answers;
    }

    private CoreProtocol.Verified Verify(CoreProtocol.Verify verify)
    {
        ProofOutcome outcome = core.Accept(verify.Proof);
        events.RecordVerified(core.Key, verify.Proof, outcome);
        if (outcome == ProofOutcome.Accepted)
        {
            seeks.Handle(core, verify.Proof);
            repairs.Handle(verify.Proof);
        }

        return new CoreProtocol.Verified(verify.Request, outcome, core.Wanted);
    }

    private CoreProtocol.Proven Prove(CoreProtocol.Prove prove)
    {
        MerkleProof proof = new(core.Tree.Fork);
        bool isEmpty = prove.Parts is { Block: null, Hash: null, Upgrade: null };
        if (!isEmpty && !core.TryProve(prove.Parts, out proof, out _))
            return new CoreProtocol.Proven(prove.Request, null);
        return new CoreProtocol.Proven(prove.Request, prove.Manifest && !core.Compat ? proof with { Manifest = core.Manifest } : proof);
    }
}
