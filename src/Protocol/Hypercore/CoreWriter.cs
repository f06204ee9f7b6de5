using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>The changes that the owner of a core makes.</summary>
internal sealed class CoreWriter
{
    private readonly CoreState _state;
    private readonly CoreJournal _journal;
    private readonly CoreReader _reader;
    private readonly HypercoreOptions _options;

    internal CoreWriter(CoreState state, CoreJournal journal, CoreReader reader, HypercoreOptions options)
    {
        _state = state;
        _journal = journal;
        _reader = reader;
        _options = options;
    }

    internal CoreOrder Append(CoreOrder order, IReadOnlyList<ReadOnlyMemory<byte>> blocks, ReadOnlyMemory<byte>? given, long? at)
    {
        if (at is { } start && start != _journal.Accepted.Length)
            return Fail(order, CoreFailure.OutOfRange, $"the blocks stand at {start}, but the core ends at {_journal.Accepted.Length}");
        if (blocks.Count == 0)
            return Complete(order);
        if (HoldsTooLong(blocks))
            return Fail(order, CoreFailure.LimitReached, $"a block holds at most {_options.MaxBlockLength} bytes");
        MerkleTree old = _journal.Accepted;
        MerkleBatch batch = Grow(ref blocks);
        if (_state.Verifier?.Prologue is { } prologue && batch.Length < prologue.Length)
            return Fail(order, CoreFailure.OutOfRange, $"the first append must reach the prologue's length {prologue.Length}");
        if (FindSignature(batch, given, out ReadOnlyMemory<byte> signature) is { } refusal)
            return Fail(order, CoreFailure.NotWritable, refusal);

        _journal.Blocks.Add(old.Length, blocks, _journal.NextId);
        MerkleTree tree = batch.ToTree(signature);
        OplogEntry entry = new(
            TreeNodes: batch.Nodes,
            Upgrade: new TreeUpgrade(tree.Fork, old.Length, tree.Length, signature),
            Bitfield: new BitfieldChange(false, old.Length, blocks.Count));
        _journal.Commit(new CoreChange(
            entry,
            [new OrderCompleted(order, tree), new Appended(old.Length, tree), new BlocksAvailable(old.Length, blocks.Count)])
        {
            Data = BlockWrites.Of(old.ByteLength, blocks),
            Tree = tree,
        });
        _reader.AnswerWaiting(old.Length, blocks.Count);
        return order;
    }

    /// <summary>Stores what the identity says of the core that was not known.</summary>
    internal CoreOrder Adopt(CoreOrder order, CoreIdentity identity)
    {
        if (identity.Key != _state.Key)
            return Fail(order, CoreFailure.NotWritable, "the identity is of another core");
        bool knewManifest = _state.Verifier is not null;
        if (!_state.TryAdopt(identity))
            return Complete(order);
        OrderCompleted done = new(order, _journal.Accepted);
        bool learned = !knewManifest && _state.Verifier is not null;
        _journal.CommitIdentity(learned ? [done, new ManifestLearned()] : [done]);
        return order;
    }

    /// <summary>The unsigned state that an append of these blocks would lead to.</summary>
    internal MerkleTree Preview(IReadOnlyList<ReadOnlyMemory<byte>> blocks) => Grow(ref blocks).ToTree(default);

    /// <summary>The unsigned state that a cut would lead to; null when the core cannot be cut so.</summary>
    internal MerkleTree? PreviewCut(long length, long fork)
        => MerkleBatch.TryTruncate(_journal.Accepted, _state.Nodes, length, fork, out MerkleBatch batch) ? batch.ToTree(default) : null;

    internal CoreOrder Truncate(CoreOrder order, long length, long fork, ReadOnlyMemory<byte>? given)
    {
        MerkleTree old = _journal.Accepted;
        if (length > old.Length || length < 0 || fork <= old.Fork)
            return Fail(order, CoreFailure.OutOfRange, $"cut to at most {old.Length} blocks, under a fork above {old.Fork}");
        if (_state.Verifier?.Prologue is { } prologue && length < prologue.Length)
            return Fail(order, CoreFailure.OutOfRange, $"the prologue holds {prologue.Length} blocks");
        if (length > 0 && WayTo(length) is { } damage)
            return Fail(order, CoreFailure.Damaged, $"{damage}; repair the core before it is cut there");
        if (!MerkleBatch.TryTruncate(old, _state.Nodes, length, fork, out MerkleBatch batch))
            return Fail(order, CoreFailure.OutOfRange, "a root of that length is not stored");
        ReadOnlyMemory<byte> signature = default;
        string? refusal = length > 0 ? FindSignature(batch, given, out signature)
            : _state.KeyPair is null ? "an empty core is signed by nobody, so only a signer empties it" : null;
        if (refusal is not null)
            return Fail(order, CoreFailure.NotWritable, refusal);

        MerkleTree tree = batch.ToTree(signature);
        OplogEntry entry = new(
            TreeNodes: [],
            Upgrade: new TreeUpgrade(fork, length, length, signature),
            Bitfield: new BitfieldChange(true, length, old.Length - length));
        _journal.Commit(new CoreChange(entry, [new OrderCompleted(order, tree), new Truncated(old.Length, length, tree)])
        {
            Tree = tree,
            AlwaysCheckpoint = true,
        });
        _reader.RefuseWaiting(length, old.Length);
        return order;
    }

    internal CoreOrder Clear(CoreOrder order, long start, long end)
    {
        MerkleTree tree = _journal.Accepted;
        end = Math.Min(end, tree.Length);
        if (start < 0)
            return Fail(order, CoreFailure.OutOfRange, "a block index is not negative");
        if (start >= end)
            return Complete(order);
        long first = start == 0 ? 0 : _state.Bitfield.FindLastSet(start - 1) + 1;
        long next = _state.Bitfield.FindFirst(true, end);
        next = next < 0 ? tree.Length : next;
        FilePunch? punch = null;
        bool located = tree.TryByteOffset(_state.Nodes, 2 * first, out long from)
            & tree.TryByteOffset(_state.Nodes, 2 * next, out long to);

        // Bytes that a damaged node points to may be those of other blocks: they stay.
        bool isProven = WayTo(first) is null && WayTo(next) is null;
        if (located && isProven && to > from)
            punch = new FilePunch(CoreFile.Data, from, to - from);
        OplogEntry entry = new(Bitfield: new BitfieldChange(true, start, end - start));
        _journal.Commit(new CoreChange(entry, [new OrderCompleted(order, tree), new BlocksDropped(start, end - start)])
        {
            Punch = punch,
        });
        return order;
    }

    internal CoreOrder SetUserData(CoreOrder order, string key, ReadOnlyMemory<byte> value)
    {
        UserDataItem? known = _state.UserData.FirstOrDefault(item => item.Key == key);
        if (known is null ? value.IsEmpty : known.Value.Span.SequenceEqual(value.Span))
            return Complete(order);
        OplogEntry entry = new(UserData: new UserDataChange(key, value));
        _journal.Commit(new CoreChange(entry, [new OrderCompleted(order, _journal.Accepted)]));
        return order;
    }

    private CoreDamage? WayTo(long edge) => new WayDown(_journal.Accepted, _state.Nodes, _reader.IsOfStoredBlock).FindDamage(edge);

    private MerkleBatch Grow(ref IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        MerkleTree old = _journal.Accepted;
        blocks = _reader.Padding == 0 ? (ReadOnlyMemory<byte>[])[.. blocks]
            : [.. blocks.Select((block, i) => (ReadOnlyMemory<byte>)_reader.Encrypt(old.Length + i, old.Fork, block))];
        MerkleBatch batch = new(old);
        if (blocks.Count == 1)
            batch.Append(blocks[0].Span);
        else
            batch.Append(blocks);
        return batch;
    }

    /// <summary>The signature of others, or our own; answers why there is none. The prologue itself needs none.</summary>
    internal string? FindSignature(MerkleBatch batch, ReadOnlyMemory<byte>? given, out ReadOnlyMemory<byte> signature)
    {
        signature = given ?? default;
        if (given is not null)
            return _state.Verifier?.Verify(batch, signature.Span) == true ? null : "the signatures do not suffice for this state";
        if (_state.Verifier?.Prologue is { } prologue && batch.Length == prologue.Length)
            return batch.TreeHash == prologue.Hash ? null : "these blocks are not the prologue";
        if (_state.KeyPair is not { } pair || _state.Verifier is not { } verifier || !verifier.TrySign(batch, pair, out byte[] own))
            return "this side cannot sign for the core alone";
        signature = own;
        return null;
    }

    private bool HoldsTooLong(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Length > _options.MaxBlockLength)
                return true;
        }

        return false;
    }

    private CoreOrder Complete(CoreOrder order)
    {
        _journal.Raise(new OrderCompleted(order, _journal.Accepted));
        return order;
    }

    private CoreOrder Fail(CoreOrder order, CoreFailure failure, string reason)
    {
        _journal.Raise(new OrderFailed(order, failure, reason));
        return order;
    }
}
