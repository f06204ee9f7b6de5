using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Names one change on disk; later changes have greater numbers.</summary>
public readonly record struct PersistId(long Value);

/// <summary>Names one order given to a core, until its result is known.</summary>
public readonly record struct CoreOrder(long Value);

/// <summary>What a core asks for or reports.</summary>
public abstract record CoreEffect
{
    private protected CoreEffect()
    {
    }
}

/// <summary>Apply the operations in order, after those of every earlier change; with Flush, report only when they are on disk.</summary>
public sealed record Persist(PersistId Id, IReadOnlyList<FileOperation> Operations, bool Flush) : CoreEffect;

/// <summary>An order has been carried out and is as durable as the options promise; the state is the one it led to.</summary>
public sealed record OrderCompleted(CoreOrder Order, MerkleTree Tree) : CoreEffect;

/// <summary>An order could not be carried out.</summary>
public sealed record OrderFailed(CoreOrder Order, CoreFailure Failure, string Reason) : CoreEffect;

/// <summary>A block was read, decrypted when the core is encrypted.</summary>
public sealed record BlockRead(CoreOrder Order, long Index, ReadOnlyMemory<byte> Block) : CoreEffect;

/// <summary>A block that is wanted is not here; when it arrives every order that waits for it is answered.</summary>
public sealed record NeedBlock(long Index) : CoreEffect;

/// <summary>Nobody waits for the block any more, and it has not come.</summary>
public sealed record BlockUnneeded(long Index) : CoreEffect;

/// <summary>The core has become longer, by our own blocks or by a proven upgrade.</summary>
public sealed record Appended(long OldLength, MerkleTree Tree) : CoreEffect;

/// <summary>The core was cut, under a higher fork.</summary>
public sealed record Truncated(long OldLength, long Ancestors, MerkleTree Tree) : CoreEffect;

/// <summary>Blocks are stored here now.</summary>
public sealed record BlocksAvailable(long Start, long Count) : CoreEffect;

/// <summary>Blocks are no longer stored here.</summary>
public sealed record BlocksDropped(long Start, long Count) : CoreEffect;

/// <summary>
/// A peer has brought the roots that the disk had lost. The repair, which is to be continued, looks at what is below them; reads that have
/// waited are answered as it goes on.
/// </summary>
public sealed record RootsRestored(CoreRepair Repair) : CoreEffect;

/// <summary>The manifest of a core that was opened by its key alone is known.</summary>
public sealed record ManifestLearned : CoreEffect;

/// <summary>The writer signed two different trees of one length and fork; the core takes no more changes.</summary>
public sealed record ConflictFound(MerkleProof Evidence) : CoreEffect;

/// <summary>Why an order failed.</summary>
public enum CoreFailure
{
    NotWritable,

    /// <summary>Outside the core's length, or against its prologue.</summary>
    OutOfRange,

    /// <summary>A limit of the options would be passed.</summary>
    LimitReached,

    /// <summary>The disk refused a write; the core can still be read.</summary>
    StorageFailed,

    /// <summary>The files contradict themselves in the place that is needed; the reason names it.</summary>
    Damaged,

    /// <summary>The writer has signed two histories.</summary>
    Conflicted,
}
