using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>
/// Fills the part of a core that its manifest fixes by hash from another core that begins with the same blocks. What is copied is
/// verified like a peer's proof, and needs no signature.
/// </summary>
public static class PrologueCopy
{
    public static async Task RunAsync(CoreClient source, CoreClient target)
    {
        CoreInfo info = await target.GetInfoAsync().ConfigureAwait(false);
        if (info.Manifest?.Prologue is not { Length: > 0 } prologue)
            throw new CoreFailedException(CoreProblem.OutOfRange, "the core has no prologue");
        if (info.Length < prologue.Length)
            await TakeAsync(source, target, new ProofRequest(Upgrade: new UpgradeTarget(0, prologue.Length)), info.Fork).ConfigureAwait(false);
        for (long block = 0; block < prologue.Length; block++)
        {
            CoreProtocol.MissingBlocks missing
                = await target.AskAsync<CoreProtocol.MissingBlocks>(new CoreProtocol.GetMissing(0, [block])).ConfigureAwait(false);
            if (missing.Blocks is [NodeTarget wanted] && await source.GetAsync(block).ConfigureAwait(false) is not null)
                await TakeAsync(source, target, new ProofRequest(Block: wanted), info.Fork).ConfigureAwait(false);
        }
    }

    // The source's signature and whatever it has beyond the prologue are no concern of the target.
    private static async Task TakeAsync(CoreClient source, CoreClient target, ProofRequest request, long fork)
    {
        CoreProtocol.Proven proven = await source.AskAsync<CoreProtocol.Proven>(new CoreProtocol.Prove(0, request, Manifest: false)).ConfigureAwait(false);
        MerkleProof? proof = proven.Proof is { } given
            ? given with { Fork = fork, Upgrade = given.Upgrade is { } upgrade ? upgrade with { AdditionalNodes = [], Signature = default } : null }
            : null;
        ProofOutcome outcome = proof is null ? ProofOutcome.Malformed
            : (await target.AskAsync<CoreProtocol.Verified>(new CoreProtocol.Verify(0, proof)).ConfigureAwait(false)).Outcome;
        if (outcome != ProofOutcome.Accepted)
            throw new CoreFailedException(CoreProblem.OutOfRange, "the source does not begin with the prologue");
    }
}
