using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>What the machine asks its surroundings to do.</summary>
public abstract record ReplicationEffect
{
    private ReplicationEffect()
    {
    }

    /// <summary>Send a message on the channel; messages of one drain belong in one batch.</summary>
    public sealed record Send(ReplicationMessage Message) : ReplicationEffect;

    /// <summary>Say which of these blocks nobody fetches yet and how far each proof must climb; answered by HandlePlan.</summary>
    public sealed record PlanBlocks(IReadOnlyList<long> Blocks) : ReplicationEffect;

    /// <summary>These blocks will not come from this peer: others may fetch them.</summary>
    public sealed record ReleaseBlocks(IReadOnlyList<long> Blocks) : ReplicationEffect;

    /// <summary>Say whether the roots of a length below ours are stored; answered by HandleRoots.</summary>
    public sealed record FindRoots(long Length) : ReplicationEffect;

    /// <summary>Build a proof, block value included; answered by HandleProof.</summary>
    public sealed record Prove(long Request, ProofRequest Parts, bool Manifest) : ReplicationEffect;

    /// <summary>Verify a proof and store what it proves; answered by HandleVerified.</summary>
    public sealed record Verify(long Request, MerkleProof Proof) : ReplicationEffect;

    /// <summary>Compare a signed tree with ours of the same length; answered by HandleConflictChecked.</summary>
    public sealed record CheckConflict(MerkleProof Proof) : ReplicationEffect;

    /// <summary>A message of an extension has come, from a peer that may send anything.</summary>
    public sealed record Extension(string Name, ReadOnlyMemory<byte> Payload) : ReplicationEffect;

    /// <summary>End the channel; the connection stays.</summary>
    public sealed record CloseChannel(CloseReason Reason) : ReplicationEffect;

    /// <summary>The peer broke the protocol: end the connection with all its channels.</summary>
    public sealed record DestroyConnection(CloseReason Reason) : ReplicationEffect;
}

/// <summary>Why a channel or a connection is ended.</summary>
public enum CloseReason
{
    /// <summary>Neither side wants anything any more.</summary>
    Idle,

    /// <summary>The peer does not know the core's key.</summary>
    WrongCapability,

    /// <summary>A message could not be decoded.</summary>
    MalformedMessage,

    /// <summary>The writer signed two different trees of one length.</summary>
    Conflict,
}

/// <summary>What became of a proof that a peer sent.</summary>
public enum VerifyOutcome
{
    /// <summary>Stored.</summary>
    Stored,

    /// <summary>Valid once, but the core has moved on meanwhile.</summary>
    Stale,

    /// <summary>A tree of a higher fork: nodes are wanted that tell where it parts from ours.</summary>
    Incomplete,

    /// <summary>The nodes do not fit together.</summary>
    Malformed,

    /// <summary>A hash or a signature is wrong: perhaps another tree of the same writer.</summary>
    Untrue,

    /// <summary>The disk refused.</summary>
    WriteFailed,
}

/// <summary>Who fetches which blocks of a plan.</summary>
/// <param name="Granted">This peer shall be asked for them.</param>
/// <param name="Refused">Others fetch them.</param>
/// <param name="IsPostponed">Whether some are neither, because too many are fetched at a time: nothing is planned until blocks are released.</param>
public sealed record PlanAnswer(IReadOnlyList<PlannedBlock> Granted, IReadOnlyList<long> Refused, bool IsPostponed = false);

/// <summary>A block to request, with the levels that its proof has to climb.</summary>
public readonly record struct PlannedBlock(long Index, long Nodes);
