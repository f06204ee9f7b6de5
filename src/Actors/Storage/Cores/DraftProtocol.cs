using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>What a core actor is told about drafts: blocks in memory that become part of the core together.</summary>
public static class DraftProtocol
{
    /// <summary>Answered by <see cref="Begun"/>.</summary>
    public sealed record Begin(long Request, DraftStart Start = DraftStart.Present, long? Checkout = null) : CoreProtocol.ICommand;

    /// <summary>Adds blocks, which must not change afterwards; answered by <see cref="State"/>.</summary>
    public sealed record Append(long Request, long Draft, IReadOnlyList<ReadOnlyMemory<byte>> Blocks) : CoreProtocol.ICommand;

    /// <summary>Takes blocks of the draft back; answered by <see cref="State"/>.</summary>
    public sealed record Truncate(long Request, long Draft, long Length) : CoreProtocol.ICommand;

    /// <summary>A block of the draft or of the core below it; answered by <see cref="CoreProtocol.Block"/>.</summary>
    public sealed record GetBlock(long Request, long Draft, long Index) : CoreProtocol.IQuery;

    /// <summary>Answered by <see cref="State"/>.</summary>
    public sealed record GetState(long Request, long Draft) : CoreProtocol.IQuery;

    /// <summary>Makes the draft part of the core, up to a length; answered by <see cref="CoreProtocol.Done"/> once that is on disk.</summary>
    public sealed record Flush(long Request, long Draft, long? Length = null) : CoreProtocol.ICommand
    {
        /// <summary>Of several signers, over the tree in <see cref="State"/>.</summary>
        public ReadOnlyMemory<byte>? Signature { get; init; }

        /// <summary>Whether the blocks are only stored, to be signed later.</summary>
        public bool IsUnsigned { get; init; }
    }

    /// <summary>Forgets stored blocks that wait for signatures; answered by <see cref="CoreProtocol.Done"/>.</summary>
    public sealed record DropPending(long Request) : CoreProtocol.ICommand;

    /// <summary>Forgets a draft; answered by <see cref="Closed"/>.</summary>
    public sealed record Close(long Request, long Draft) : CoreProtocol.ICommand;

    public sealed record Begun(long Request, long Draft, long Length) : CoreProtocol.IEvent;

    /// <summary>How a draft stands; the tree is unsigned.</summary>
    public sealed record State(long Request, MerkleTree Tree, long Flushed, long ByteLength) : CoreProtocol.IEvent
    {
        public long Length => Tree.Length;

        public Bytes32 TreeHash => Tree.Hash;
    }

    public sealed record Closed(long Request) : CoreProtocol.IEvent;
}
