using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Answers the effects of replication machines from the core that they exchange; whoever owns the core owns this.</summary>
public sealed class CoreEndpoint(HypercoreMachine core)
{
    /// <summary>The state that peers may be told.</summary>
    public LocalCore State => new(core.Tree.Fork, core.Tree.Length, core.Manifest is not null, core.Compat) { LostLength = core.LostLength };

    /// <summary>The stored blocks, as a set of its own for a new machine.</summary>
    public BlockSet CopyBlocks()
    {
        BlockSet blocks = new();
        long length = core.Tree.Length;
        blocks.Add(0, Math.Min(core.ContiguousLength, length));
        foreach ((long start, long count) in core.Bitfield.Runs(blocks.Contiguous, length))
            blocks.Add(start, count);
        return blocks;
    }

    /// <summary>How far the proof of a block must climb; null when the block is here already.</summary>
    public PlannedBlock? Plan(long block)
        => core.Has(block) ? null : new PlannedBlock(block, core.CountMissingNodes(block));

    /// <summary>Whether it can be proven how the core grew from a length.</summary>
    public bool HasRoots(long length) => core.HasRoots(length);

    /// <summary>The proof of what a peer asked for; null when it cannot be given.</summary>
    public MerkleProof? Prove(ProofRequest parts, bool manifest)
    {
        MerkleProof proof = new(core.Tree.Fork);
        if (parts is not { Block: null, Hash: null, Upgrade: null } && !core.TryProve(parts, out proof, out _))
            return null;
        return manifest && !core.Compat ? proof with { Manifest = core.Manifest } : proof;
    }

    /// <summary>Checks and stores what a peer sent; a tree of a higher fork replaces ours when it is known what both share.</summary>
    public VerifyOutcome Verify(MerkleProof proof) => Translate(core.Accept(proof));

    /// <summary>What the peer is to be asked for when that is not known yet.</summary>
    public WantedNode? Wanted => core.Wanted;

    /// <summary>Whether a signed tree contradicts ours; if so the core takes no more changes.</summary>
    public bool CheckConflict(MerkleProof proof) => core.CheckConflict(proof) == ConflictVerdict.Proven;

    /// <summary>What a core says of a proof, in the words of the machine.</summary>
    public static VerifyOutcome Translate(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.Accepted => VerifyOutcome.Stored,
        ProofOutcome.Stale => VerifyOutcome.Stale,
        ProofOutcome.Incomplete => VerifyOutcome.Incomplete,
        ProofOutcome.Malformed => VerifyOutcome.Malformed,
        ProofOutcome.Refused => VerifyOutcome.WriteFailed,
        _ => VerifyOutcome.Untrue,
    };
}
