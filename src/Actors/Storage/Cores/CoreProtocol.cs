using System.Collections.Immutable;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Actors.Storage.Cores;

/// <summary>What a core actor is told and what it answers. Request numbers are the asker's own and come back with the answer.</summary>
public static class CoreProtocol
{
    /// <summary>An order to the core; answered to its sender.</summary>
    public interface ICommand
    {
        long Request { get; }
    }

    /// <summary>A question; answered to its sender.</summary>
    public interface IQuery
    {
        long Request { get; }
    }

    /// <summary>A fact about the core.</summary>
    public interface IEvent;

    /// <summary>Adds blocks, which must not change afterwards; answered by <see cref="Done"/> once they are on disk.</summary>
    public sealed record Append(long Request, IReadOnlyList<ReadOnlyMemory<byte>> Blocks) : ICommand
    {
        /// <summary>The length that the core must have, for blocks that stand nowhere else; any when null.</summary>
        public long? At { get; init; }

        /// <summary>Of several signers, for a core that nobody signs alone.</summary>
        public ReadOnlyMemory<byte>? Signature { get; init; }
    }

    /// <summary>Cuts the core under a higher fork; answered by <see cref="Done"/>.</summary>
    public sealed record Truncate(long Request, long Length, long? Fork = null) : ICommand
    {
        /// <summary>Of several signers, for a core that nobody signs alone.</summary>
        public ReadOnlyMemory<byte>? Signature { get; init; }
    }

    /// <summary>Forgets stored blocks; answered by <see cref="Done"/>.</summary>
    public sealed record Clear(long Request, long Start, long End) : ICommand;

    /// <summary>Sets a local key, or deletes it with an empty value; answered by <see cref="Done"/>.</summary>
    public sealed record SetUserData(long Request, string Key, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>
    /// Takes over what the core does not know yet of who may write it: its manifest, a key pair, local keys that are not set.
    /// Answered by <see cref="Done"/>.
    /// </summary>
    public sealed record Adopt(long Request, CoreIdentity Identity) : ICommand;

    /// <summary>Stores what a peer's proof proves; answered by <see cref="Verified"/>.</summary>
    public sealed record Verify(long Request, MerkleProof Proof) : ICommand;

    /// <summary>Several proofs, whose changes are written together; answered by <see cref="VerifiedAll"/>.</summary>
    public sealed record VerifyAll(long Request, IReadOnlyList<Verify> Proofs) : ICommand;

    /// <summary>Compares a peer's signed tree with ours; answered by <see cref="ConflictChecked"/>.</summary>
    public sealed record CheckConflict(long Request, MerkleProof Proof) : ICommand;

    /// <summary>Sends every event of the core to the sender from now on; answered by <see cref="Subscribed"/>.</summary>
    public sealed record Subscribe(long Request) : ICommand
    {
        /// <summary>Whom the core is exchanged with in the sender, which answers the questions of <see cref="CorePeerProtocol"/>.</summary>
        public PublicKey? Peer { get; init; }
    }

    public sealed record Unsubscribe(long Request) : ICommand;

    /// <summary>Tells the sender, a subscriber, every message of that extension that peers send: <see cref="ExtensionReceived"/>.</summary>
    public sealed record AddExtension(long Request, string Name) : ICommand;

    /// <summary>Sends a message of an extension to every peer with whom the core is replicated.</summary>
    public sealed record SendExtension(long Request, string Name, ReadOnlyMemory<byte> Payload) : ICommand;

    /// <summary>Answered by <see cref="Info"/>.</summary>
    public sealed record GetInfo(long Request) : IQuery;

    /// <summary>Answered by <see cref="Info"/> as soon as length, fork or contiguous length are others than those, or no more changes are taken.</summary>
    public sealed record AwaitChange(long Request, CoreInfo Known) : IQuery;

    /// <summary>Answered by <see cref="UserData"/>.</summary>
    public sealed record GetUserData(long Request) : IQuery;

    /// <summary>Answered by <see cref="Block"/>, at once or, when waiting is allowed, as soon as the block is here.</summary>
    public sealed record GetBlock(long Request, long Index, bool Wait = true) : IQuery
    {
        /// <summary>Fails when the core has been cut below the block since it stood so.</summary>
        public SnapshotPoint? At { get; init; }
    }

    /// <summary>
    /// Which block holds a byte, counted without the padding of encryption; answered by <see cref="Sought"/>.
    /// A sparse core asks peers for the nodes on the way, then for the block; a byte behind the end is waited for.
    /// </summary>
    public sealed record Seek(long Request, long Bytes, bool Wait = true) : IQuery;

    /// <summary>Takes back the sender's read of that number.</summary>
    public sealed record CancelGet(long Request) : IQuery;

    /// <summary>Answered by <see cref="Proven"/>.</summary>
    public sealed record Prove(long Request, ProofRequest Parts, bool Manifest) : IQuery;

    /// <summary>Answered by <see cref="ProvenAll"/>.</summary>
    public sealed record ProveAll(long Request, IReadOnlyList<Prove> Requests) : IQuery;

    /// <summary>How far the proofs of blocks that are not stored must climb; answered by <see cref="MissingBlocks"/>.</summary>
    public sealed record GetMissing(long Request, IReadOnlyList<long> Blocks) : IQuery;

    /// <summary>Whether growth from a length can be proven; answered by <see cref="RootsFound"/>.</summary>
    public sealed record FindRoots(long Request, long Length) : IQuery;

    /// <summary>
    /// Recomputes some stored hashes, so few that others are served between two steps; answered by <see cref="Audited"/>, which says where
    /// to go on.
    /// </summary>
    public sealed record Audit(long Request, AuditPosition From = default) : IQuery;

    /// <summary>
    /// Looks for damage, mends what follows from what is intact, and gives up the rest, which then is asked of peers; answered by
    /// <see cref="Repaired"/>. Others are served meanwhile. A look that is under way ends first.
    /// </summary>
    public sealed record Repair(long Request) : ICommand;

    /// <summary>Answered by <see cref="NodesComplete"/> once no node is asked of peers for a repair, roots included.</summary>
    public sealed record AwaitNodes(long Request) : IQuery;

    /// <summary>What repairs asked of peers has come.</summary>
    public sealed record NodesComplete(long Request) : IEvent;

    /// <summary>What was mended is on disk; what peers are asked for comes when one answers.</summary>
    public sealed record Repaired(long Request, RepairReport Report) : IEvent;

    /// <summary>The first contradiction found in the files, or where to go on; neither at the end of an intact core.</summary>
    public sealed record Audited(long Request, string? Fault, AuditPosition? Next, long Length) : IEvent;

    /// <summary>The order has been carried out; Start is the first block it appended.</summary>
    public sealed record Done(long Request, long Start, MerkleTree Tree) : IEvent;

    /// <summary>The order or the question failed.</summary>
    public sealed record Failed(long Request, CoreProblem Problem, string Reason) : IEvent;

    public sealed record Info(long Request, CoreInfo Core) : IEvent;

    public sealed record UserData(long Request, ImmutableArray<UserDataItem> Items) : IEvent;

    /// <summary>Null when the block is not stored and the read does not wait.</summary>
    public sealed record Block(long Request, long Index, ReadOnlyMemory<byte>? Bytes) : IEvent;

    /// <summary>Null when the search does not wait and the files do not tell.</summary>
    public sealed record Sought(long Request, BytePosition? Position) : IEvent;

    /// <summary>Null when there is no such proof.</summary>
    public sealed record Proven(long Request, MerkleProof? Proof) : IEvent;

    /// <summary>How a proof ended; Wanted names what the peer must be asked for next when it was incomplete.</summary>
    public sealed record Verified(long Request, ProofOutcome Outcome, WantedNode? Wanted) : IEvent;

    public sealed record RootsFound(long Request, long Length, bool AreStored) : IEvent;

    /// <summary>In the order of the question.</summary>
    public sealed record ProvenAll(long Request, ImmutableArray<Proven> Answers) : IEvent;

    /// <summary>In the order of the command.</summary>
    public sealed record VerifiedAll(long Request, ImmutableArray<Verified> Answers) : IEvent;

    public sealed record ConflictChecked(long Request, ConflictVerdict Verdict) : IEvent;

    public sealed record MissingBlocks(long Request, ImmutableArray<NodeTarget> Blocks) : IEvent;

    public sealed record Subscribed(long Request, CoreInfo Core, ImmutableArray<BlockRun> Stored) : IEvent
    {
        /// <summary>Blocks that somebody waits for already.</summary>
        public IReadOnlyList<long> Needed { get; init; } = [];

        /// <summary>Nodes that are looked for already.</summary>
        public IReadOnlyList<NodeSearch> Searches { get; init; } = [];
    }

    /// <summary>The core is open; told to the parent.</summary>
    public sealed record Opened(CoreInfo Core) : IEvent;

    /// <summary>The core cannot be opened; told to the parent, and every order is answered with the same problem.</summary>
    public sealed record OpenFailed(string Folder, CoreProblem Problem, string Reason) : IEvent;

    /// <summary>To subscribers: the state on disk is another one.</summary>
    public sealed record Grown(long OldLength, CoreInfo Core) : IEvent;

    /// <summary>To subscribers: the core was cut to the blocks it shares with its past, then perhaps grown.</summary>
    public sealed record Cut(long OldLength, long Ancestors, CoreInfo Core) : IEvent;

    /// <summary>To subscribers: blocks are stored, or no longer.</summary>
    public sealed record BlocksChanged(long Start, long Count, bool Dropped) : IEvent;

    /// <summary>To subscribers: somebody waits for a block that is not here.</summary>
    public sealed record BlockNeeded(long Index) : IEvent;

    /// <summary>To subscribers: nobody waits for the block any more.</summary>
    public sealed record BlockUnneeded(long Index) : IEvent;

    /// <summary>To subscribers: nodes are looked for that are not here.</summary>
    public sealed record NodesNeeded(NodeSearch Search) : IEvent;

    /// <summary>To subscribers: nobody looks for those nodes any more, and they have not come.</summary>
    public sealed record NodesUnneeded(NodeSearch Search) : IEvent;

    /// <summary>To subscribers, or to the one session that shall carry it: a message of an extension goes out.</summary>
    public sealed record ExtensionSent(string Name, ReadOnlyMemory<byte> Payload) : IEvent;

    /// <summary>From a session, which is answered with <see cref="ExtensionSent"/>: its peer sent a message of an extension.</summary>
    public sealed record ExtensionReceived(string Name, ReadOnlyMemory<byte> Payload) : IEvent;

    /// <summary>To subscribers: the manifest has been learned from a proof.</summary>
    public sealed record ManifestKnown(CoreInfo Core) : IEvent;

    /// <summary>To subscribers: the writer signed two histories; the evidence is one of them.</summary>
    public sealed record Conflicted(MerkleProof Evidence) : IEvent;
}
