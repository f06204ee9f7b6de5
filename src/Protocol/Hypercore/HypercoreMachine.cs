using System.Collections.Immutable;
using Hyper.Protocol.Hypercore.Bitfield;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>
/// One core: orders and proofs in, writes and reports out. Orders are accepted at once and complete when they are persisted;
/// what was accepted is readable at once.
/// </summary>
public sealed class HypercoreMachine : IMerkleNodes
{
    private readonly ICoreFiles _files;
    private readonly CoreState _state;
    private readonly CoreJournal _journal;
    private readonly HypercoreOptions _options;
    private readonly CoreReader _reader;
    private readonly CoreWriter _writer;
    private readonly DraftWriter _drafts;
    private readonly ProofReceiver _receiver;
    private readonly ForkFollower _forks;
    private readonly RootRestorer _roots;
    private readonly CoreRepairer _repairer;
    private readonly bool _reachesTooFar;
    private long _lastOrder;

    private HypercoreMachine(ICoreFiles files, (CoreState State, CoreJournal Journal) opened, HypercoreOptions options)
    {
        _files = files;
        (_state, _journal) = opened;
        _options = options;
        _reader = new CoreReader(files, _state, _journal, options);
        _writer = new CoreWriter(_state, _journal, _reader, options);
        _drafts = new DraftWriter(_state, _journal, _reader, _writer);
        _reachesTooFar = _state.Bitfield.FindFirst(true, Math.Max(_drafts.PendingEnd, _state.Length)) >= 0;
        _receiver = new ProofReceiver(_state, _journal, _reader, files[CoreFile.Conflict].Length > 0);
        _forks = new ForkFollower(_journal, _receiver);
        _roots = new RootRestorer(files, _state, _journal, options, _receiver);
        _repairer = new CoreRepairer(_state, _journal, _reader, _roots);
    }

    public CoreKey Key => _state.Key;

    public DiscoveryKey DiscoveryKey => _state.Key.ToDiscoveryKey();

    /// <summary>Null for a reader that has not verified anything yet.</summary>
    public Manifest? Manifest => _state.Verifier?.Manifest;

    /// <summary>Whether the core key is the writer's public key itself.</summary>
    public bool Compat => _state.Verifier?.Compat ?? true;

    /// <summary>The persisted state: what may be told to others.</summary>
    public MerkleTree Tree => _journal.Tree;

    /// <summary>The state that the next append builds on; ahead of <see cref="Tree"/> while writes are under way.</summary>
    public MerkleTree Accepted => _journal.Accepted;

    /// <summary>Blocks from the start without a gap, as far as they are persisted.</summary>
    public long ContiguousLength => _journal.ContiguousLength;

    /// <summary>The same, those under way to the disk included.</summary>
    internal long CountedLength => Math.Min(_state.ContiguousLength, Accepted.Length);

    /// <summary>Which blocks are stored.</summary>
    public BlockBitfield Bitfield => _state.Bitfield;

    public IReadOnlyList<UserDataItem> UserData => _state.UserData;

    /// <summary>The second history that the writer signed, as it was kept; null when none is known or it does not decode.</summary>
    public MerkleProof? Conflict => ConflictEvidence.TryRead(_files[CoreFile.Conflict], out MerkleProof? proof) ? proof : null;

    public ImmutableArray<ReorgHint> Reorgs => _state.Reorgs;

    /// <summary>Bytes as the user sees them: without the padding of encrypted blocks.</summary>
    public long ByteLength => Tree.ByteLength - _reader.Padding * Tree.Length;

    /// <summary>Whether this side may sign and the files allow it; true as well while a writable core is open for reading.</summary>
    public bool Writable => _state.KeyPair is not null && Fault is null;

    /// <summary>Why nothing is written any more; null while orders are taken.</summary>
    public string? ReadOnlyReason => Fault ?? (_options.ReadOnly ? "opened for reading" : null);

    /// <summary>Blocks that are stored although the roots above them are lost, until a peer or a repair brings these; null normally.</summary>
    public long? LostLength => _journal.LostLength;

    /// <summary>Whether the writer has signed two histories, which ends every change.</summary>
    public bool IsConflicted => _receiver.Conflicted;

    public bool HasPendingWrites => _journal.HasPendingWrites;

    /// <summary>Whether a core is stored in these files.</summary>
    public static bool Exists(ICoreFiles files) => OplogReader.HoldsCore(files);

    /// <summary>The local keys of a stored core, without opening it.</summary>
    /// <exception cref="CoreStorageException">The oplog is damaged.</exception>
    public static IReadOnlyList<UserDataItem> ReadUserData(ICoreFiles files) => CoreOpening.ReadUserData(files);

    /// <summary>What a stored core says of itself, without opening it.</summary>
    /// <exception cref="CoreStorageException">The oplog is damaged.</exception>
    public static CoreIdentity ReadIdentity(ICoreFiles files) => CoreOpening.ReadIdentity(files);

    /// <summary>Makes a new core; its first effect writes the header.</summary>
    /// <exception cref="CoreStorageException">There is a core already.</exception>
    public static HypercoreMachine Create(ICoreFiles files, CoreIdentity identity, HypercoreOptions options)
        => new(files, CoreOpening.Create(files, identity, options), options);

    /// <summary>Opens a core that is stored already.</summary>
    /// <exception cref="CoreStorageException">The files are damaged or of another kind; says where.</exception>
    public static HypercoreMachine Open(ICoreFiles files, HypercoreOptions options)
        => new(files, CoreOpening.Open(files, options), options);

    public bool Has(long index) => index >= 0 && index < Accepted.Length && _state.Bitfield.Get(index);

    /// <summary>Whether the roots of a length are stored, from which growth can be proven.</summary>
    public bool HasRoots(long length) => length <= Tree.Length && MerkleTree.TryLoad(this, Tree.Fork, length, default, out _, out _);

    /// <inheritdoc/>
    public bool TryGet(long index, out MerkleNode node) => _state.Nodes.TryGet(index, out node);

    /// <summary>Levels that the proof of a block must climb to end at a stored node that is proven.</summary>
    public int CountMissingNodes(long block) => _receiver.CountMissingNodes(block);

    /// <summary>Adds blocks at the end; the blocks must not change afterwards.</summary>
    /// <param name="blocks">In order.</param>
    /// <param name="signature">Of several signers over <see cref="Preview"/>; null when this side signs alone.</param>
    /// <param name="at">The length that the core must have, for blocks that stand nowhere else; any when null.</param>
    public CoreOrder Append(IReadOnlyList<ReadOnlyMemory<byte>> blocks, ReadOnlyMemory<byte>? signature = null, long? at = null)
        => Refused(out CoreOrder order) ? order : _writer.Append(order, blocks, signature, at);

    /// <summary>The state that an append of these blocks would lead to, for others to sign.</summary>
    /// <exception cref="CoreStorageException">The roots are lost, on which the append would build.</exception>
    public MerkleTree Preview(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
        => _state.Lost is { } lost ? throw lost.Damage : _writer.Preview(blocks);

    /// <summary>Cuts the core to a number of blocks, under the next fork unless a higher one is named.</summary>
    /// <param name="length">Blocks to keep.</param>
    /// <param name="fork">Above the present one.</param>
    /// <param name="signature">Of several signers over <see cref="PreviewCut"/>; null when this side signs alone.</param>
    public CoreOrder Truncate(long length, long? fork = null, ReadOnlyMemory<byte>? signature = null)
        => Refused(out CoreOrder order) ? order : _writer.Truncate(order, length, fork ?? Accepted.Fork + 1, signature);

    /// <summary>The state that a cut would lead to, for others to sign; null when the core cannot be cut so.</summary>
    public MerkleTree? PreviewCut(long length, long? fork = null) => _writer.PreviewCut(length, fork ?? Accepted.Fork + 1);

    /// <summary>Begins a draft; null when the core cannot be read at that length.</summary>
    /// <param name="start">Whether blocks that wait for signatures are part of it.</param>
    /// <param name="checkout">Another number of blocks to begin behind.</param>
    public CoreDraft? BeginDraft(DraftStart start = DraftStart.Present, long? checkout = null)
        => _state.Lost is null ? _drafts.Begin(start, checkout) : null;

    /// <summary>Makes a draft part of the core, up to a length when not all of it.</summary>
    /// <param name="draft">Of this core; what was flushed is no longer its own.</param>
    /// <param name="length">All of it when null.</param>
    /// <param name="signature">Of several signers over the draft's preview; null when this side signs alone.</param>
    public CoreOrder Flush(CoreDraft draft, long? length = null, ReadOnlyMemory<byte>? signature = null)
        => Refused(ReasonAgainstDrafts, out CoreOrder order) ? order : _drafts.Flush(order, draft, length ?? draft.Length, signature);

    /// <summary>Stores a draft's blocks until they are signed: after a restart a restored draft has them.</summary>
    public CoreOrder Keep(CoreDraft draft, long? length = null)
        => Refused(ReasonAgainstDrafts, out CoreOrder order) ? order : _drafts.Keep(order, draft, length ?? draft.Length);

    /// <summary>
    /// Forgets blocks that wait for signatures. Where a header was lost these are signed ones: then a restored draft must be flushed instead.
    /// </summary>
    public CoreOrder DropPending() => Refused(ReasonAgainstDrafts, out CoreOrder order) ? order : _drafts.Drop(order);

    /// <summary>Blocks up to here are stored, those that wait for signatures included.</summary>
    public long PendingLength => Math.Max(_drafts.PendingEnd, Accepted.Length);

    /// <summary>Forgets the bytes of stored blocks; the core stays as it is.</summary>
    public CoreOrder Clear(long start, long end)
        => Refused(out CoreOrder order) ? order : _writer.Clear(order, start, end);

    /// <summary>Takes over what the core does not know yet of who may write it: its manifest, a key pair, local keys that are not set.</summary>
    public CoreOrder Adopt(CoreIdentity identity) => Refused(out CoreOrder order) ? order : _writer.Adopt(order, identity);

    /// <summary>Sets or, with no value, deletes a local key.</summary>
    public CoreOrder SetUserData(string key, ReadOnlyMemory<byte> value)
        => Refused(out CoreOrder order) ? order : _writer.SetUserData(order, key, value);

    /// <summary>Reads a block now, or when it has arrived.</summary>
    public CoreOrder Get(long index) => _reader.Get(NextOrder(), index);

    /// <summary>Gives up a read that waits.</summary>
    public void CancelGet(CoreOrder order) => _reader.Cancel(order);

    /// <summary>The block, decrypted; false when it is not stored.</summary>
    /// <exception cref="CoreStorageException">The data file is too short.</exception>
    public bool TryRead(long index, out ReadOnlyMemory<byte> block)
    {
        block = default;
        return Has(index) && _reader.TryRead(index, out block);
    }

    /// <summary>The block as it is stored and replicated.</summary>
    public bool TryReadStored(long index, out ReadOnlyMemory<byte> block)
    {
        block = default;
        return Has(index) && _reader.TryReadStored(index, out block);
    }

    /// <summary>The block that holds a byte, as the user counts bytes; false when nodes on the way are not stored.</summary>
    public bool TryFindByte(long bytes, out long block, out long offset)
    {
        bool found = TryFindByte(bytes, out NodeSearch search, out offset);
        block = search.Within.FirstBlock;
        return found;
    }

    /// <summary>The same, with what peers must be asked when nodes are missing.</summary>
    public bool TryFindByte(long bytes, out NodeSearch search, out long offset) => _reader.TryFindByte(bytes, out search, out offset);

    /// <summary>Proves what a peer asks for, block included, out of the persisted state.</summary>
    public bool TryProve(ProofRequest request, out MerkleProof proof, out ProofFailure failure)
        => _reader.TryProve(request, out proof, out failure);

    /// <summary>Proves many at once; null where there is no proof.</summary>
    public MerkleProof?[] ProveAll(IReadOnlyList<ProofRequest> requests) => _reader.ProveAll(requests);

    /// <summary>Takes a peer's proof: an upgrade, a block or nodes of the current fork, or the tree of a higher one; lost roots first.</summary>
    /// <param name="proof">Of anybody.</param>
    /// <param name="leaf">The leaf of its block, when it has been hashed already.</param>
    public ProofOutcome Accept(MerkleProof proof, MerkleNode? leaf = null)
        => _state.Lost is { } lost && DiskFault is null ? _roots.Accept(proof, lost)
            : Refuses ? ProofOutcome.Refused
            : proof.Fork <= Accepted.Fork ? _receiver.Accept(proof, leaf)
            : _options.AllowFork ? _forks.Accept(proof)
            : ProofOutcome.Stale;

    /// <summary>After <see cref="ProofOutcome.Incomplete"/>: what a peer of the higher fork must be asked for.</summary>
    public WantedNode? Wanted => _forks.Wanted;

    /// <summary>Checks a proof from the start of the core against our own history.</summary>
    public ConflictVerdict CheckConflict(MerkleProof proof) => _receiver.CheckConflict(proof);

    /// <summary>Checks a signed tree that came from anywhere, without taking anything of it over; null when it is not of this core.</summary>
    /// <param name="proof">Of anybody.</param>
    /// <param name="referrer">Whom the core must have been found by, as its local key <c>referrer</c> says; anybody when null.</param>
    public RemoteTree? CheckRemote(MerkleProof proof, ReadOnlyMemory<byte>? referrer = null) => _receiver.CheckRemote(proof, referrer);

    /// <summary>A look for damage, which begins with the first <see cref="Continue"/>.</summary>
    public CoreRepair BeginRepair() => new(new DamageSurvey(_files, _state, _journal));

    /// <summary>
    /// Looks at a few more places, mends what follows from what is intact and gives up the rest; the order completes when that is on disk.
    /// The core may change between two steps.
    /// </summary>
    public CoreOrder Continue(CoreRepair repair)
    {
        if (!Refused(_state.Lost is null ? ReadOnlyReason : DiskFault, out CoreOrder order))
            _repairer.Continue(repair, order);
        return order;
    }

    /// <summary>Changes up to <see cref="EndGroup"/> become one <see cref="Persist"/>, in the same bytes.</summary>
    public void BeginGroup() => _journal.BeginGroup();

    public void EndGroup() => _journal.EndGroup();

    public void HandlePersisted(PersistId id) => _journal.HandlePersisted(id);

    /// <summary>The core turns read-only; everything that was not persisted fails.</summary>
    public void HandlePersistFailed(PersistId id, string reason) => _journal.HandlePersistFailed(reason);

    /// <summary>The next thing to do or to report.</summary>
    public bool TryTake(out CoreEffect effect) => _journal.TryTake(out effect);

    private string? Fault
        => DiskFault ?? _state.Lost?.Reason ?? (_drafts.HasPending || _reachesTooFar
            ? "the bitfield reaches further than the newest header: appending would fork the core; flush a restored draft to go on" : null);

    private string? DiskFault => _journal.Failure ?? (_receiver.Conflicted ? "the writer has signed two histories" : null);

    private string? ReasonAgainstDrafts => DiskFault ?? _state.Lost?.Reason ?? (_options.ReadOnly || _reachesTooFar ? ReadOnlyReason : null);

    private bool Refuses => ReadOnlyReason is not null;

    private CoreOrder NextOrder() => new(++_lastOrder);

    private bool Refused(out CoreOrder order) => Refused(ReadOnlyReason, out order);

    private bool Refused(string? reason, out CoreOrder order)
    {
        order = NextOrder();
        if (reason is null)
            return false;
        CoreFailure failure = _journal.Failure is not null ? CoreFailure.StorageFailed
            : _receiver.Conflicted ? CoreFailure.Conflicted
            : _state.Lost is not null ? CoreFailure.Damaged
            : CoreFailure.NotWritable;
        _journal.Raise(new OrderFailed(order, failure, reason));
        return true;
    }
}
