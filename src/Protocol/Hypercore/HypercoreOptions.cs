using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Hypercore;

/// <summary>How a core keeps its files, and its limits.</summary>
public sealed record HypercoreOptions
{
    /// <summary>Orders complete when their changes are on disk, with barriers where the order of writes matters.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Changes between two writes of the header; 0 waits until the oplog is full.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>
    /// Bytes of oplog entries after which the header is written, which waits for the disk four times; upstream reads an oplog of any length.
    /// </summary>
    public int MaxOplogBytes { get; init; } = 512 * 1024;

    /// <summary>Nothing is repaired and no order that changes the core is taken.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Opens although a block is damaged that was written last, or the roots of the tree are: such a core shows no blocks and takes no
    /// changes until it is repaired or a peer has brought its roots. Without effect on a core that is opened for reading.
    /// </summary>
    public bool OpensDamaged { get; init; }

    /// <summary>Pages of 4096 bytes kept in memory beside the changed ones.</summary>
    public int MaxBitfieldPages { get; init; } = 64;

    /// <summary>Reads that wait for a block from elsewhere.</summary>
    public int MaxWaitingReads { get; init; } = 4096;

    /// <summary>The greatest block that upstream accepts.</summary>
    public int MaxBlockLength { get; init; } = 15 * 1024 * 1024;

    /// <summary>Whether a reader follows its writer to a higher fork.</summary>
    public bool AllowFork { get; init; } = true;

    /// <summary>Encrypts blocks; whoever replicates the core need not know it.</summary>
    public Bytes32? EncryptionKey { get; init; }

    /// <summary>Whether the encryption key is used as it is instead of being bound to the core.</summary>
    public bool IsBlockKey { get; init; }

    /// <summary>Upstream's habit: the header after the first and then every fourth change, and nothing is flushed.</summary>
    public static HypercoreOptions AsUpstream { get; } = new() { Durable = false, CheckpointEvery = 4, MaxOplogBytes = 65536 };
}
