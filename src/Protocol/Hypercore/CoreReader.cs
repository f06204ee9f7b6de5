using System.Runtime.InteropServices;
using Hyper.Protocol.Hypercore.Encryption;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Reads blocks from memory or disk, and keeps the reads that wait for one.</summary>
internal sealed class CoreReader
{
    // Room for a longer block is made only if the file reaches that far.
    private const int BelievedLength = 1 << 16;

    private readonly ICoreFiles _files;
    private readonly CoreState _state;
    private readonly CoreJournal _journal;
    private readonly HypercoreOptions _options;
    private readonly Dictionary<long, List<WaitingRead>> _waiting = [];
    private int _waitingCount;
    private BlockCipher? _cipher;

    internal CoreReader(ICoreFiles files, CoreState state, CoreJournal journal, HypercoreOptions options)
    {
        _files = files;
        _state = state;
        _journal = journal;
        _options = options;
    }

    internal int Padding => IsEncrypted ? BlockCipher.Padding : 0;

    internal MerkleTree Accepted => _journal.Accepted;

    internal bool Has(long index) => index >= 0 && index < _journal.Accepted.Length && _state.Bitfield.Get(index);

    internal CoreOrder Get(CoreOrder order, long index)
    {
        if (index < 0)
            _journal.Raise(new OrderFailed(order, CoreFailure.OutOfRange, "a block index is not negative"));
        else if (index < _journal.Accepted.Length && _state.Bitfield.Get(index))
            Answer(order, index);
        else if (_waitingCount >= _options.MaxWaitingReads)
            _journal.Raise(new OrderFailed(order, CoreFailure.LimitReached, $"{_waitingCount} reads wait already"));
        else
            Wait(order, index);
        return order;
    }

    internal void Cancel(CoreOrder order)
    {
        foreach ((long index, List<WaitingRead> reads) in _waiting)
        {
            if (reads.RemoveAll(read => read.Order == order) == 0)
                continue;
            _waitingCount--;
            GiveUpIfIdle(index, reads);
            return;
        }
    }

    /// <summary>Blocks were cut off: reads of those that existed when they were asked for would get another history's.</summary>
    internal void RefuseWaiting(long length, long oldLength)
    {
        foreach ((long index, List<WaitingRead> reads) in _waiting.Where(one => one.Key >= length && one.Key < oldLength).ToArray())
        {
            foreach (WaitingRead read in reads.Where(read => read.Existed))
                _journal.Raise(new OrderFailed(read.Order, CoreFailure.OutOfRange, $"block {index} was cut off"));
            _waitingCount -= reads.RemoveAll(read => read.Existed);
            GiveUpIfIdle(index, reads);
        }
    }

    /// <summary>Answers whoever waits for a block that has just been accepted.</summary>
    internal void AnswerWaiting(long start, long count)
    {
        for (long index = start; index < start + count && _waiting.Count > 0; index++)
        {
            if (!_waiting.Remove(index, out List<WaitingRead>? reads))
                continue;
            _waitingCount -= reads.Count;
            foreach (WaitingRead read in reads)
                Answer(read.Order, index);
        }
    }

    /// <summary>Answers whoever waits for one of the first blocks if that turned out to be stored.</summary>
    internal void AnswerStored(long end)
    {
        foreach (long index in _waiting.Keys.Where(index => index < end && Has(index)).ToArray())
            AnswerWaiting(index, 1);
    }

    internal byte[] Encrypt(long index, long fork, ReadOnlyMemory<byte> block) => Cipher.Encrypt(index, fork, block.Span);

    internal bool TryRead(long index, out ReadOnlyMemory<byte> block)
    {
        if (!TryReadStored(index, out block))
            return false;
        if (!IsEncrypted)
        {
            block = Own(block);
            return true;
        }

        if (!Cipher.TryDecrypt(index, block.Span, out byte[] plain))
            throw new CoreStorageException(CoreFile.Data, OffsetOf(index), $"block {index} is too short to be encrypted");
        block = plain;
        return true;
    }

    internal bool TryReadStored(long index, out ReadOnlyMemory<byte> block)
    {
        if (_journal.Blocks.TryGet(index, out block))
            return true;
        long offset = OffsetOf(index);
        if (!_state.Nodes.TryGet(2 * index, out MerkleNode leaf))
            throw MissingNode(index, "the node of");
        IRandomAccess data = _files[CoreFile.Data];
        if (leaf.ByteLength > BelievedLength && leaf.ByteLength > Math.Min(data.Length - offset, Array.MaxLength))
            throw new CoreStorageException(CoreFile.Data, offset, $"block {index} is cut short");
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)leaf.ByteLength);
        if (data.Read(offset, bytes) != bytes.Length)
            throw new CoreStorageException(CoreFile.Data, offset, $"block {index} is cut short");
        block = bytes;
        return true;
    }

    internal bool TryFindByte(long bytes, out NodeSearch search, out long offset)
    {
        ByteSeeker seeker = new(_state.Nodes, Padding);
        bool found = seeker.TryFindBlock(_journal.Tree, bytes, out long node, out offset) && (node & 1) == 0;
        WantedNode within = new(FlatTreeIndex.LeftSpan(node) / 2, FlatTreeIndex.RightSpan(node) / 2 + 1, FlatTreeIndex.Depth(node));
        search = new NodeSearch(within, new SeekTarget(bytes, Padding));
        return found;
    }

    /// <summary>The block of a byte in another state of the core.</summary>
    internal bool TryFindBlock(MerkleTree tree, long bytes, out long block, out long offset)
    {
        bool found = new ByteSeeker(_state.Nodes, Padding).TryFindBlock(tree, bytes, out long node, out offset) && (node & 1) == 0;
        block = node / 2;
        return found;
    }

    internal bool TryProve(ProofRequest request, out MerkleProof proof, out ProofFailure failure)
    {
        if (!TryBuild(request, out proof, out failure))
            return false;
        if (proof.Block is not { } block || IsIntact(MerkleHash.Leaf(block.Index, block.Value.Span)))
            return true;
        failure = ProofFailure.NotStored;
        return false;
    }

    internal MerkleProof?[] ProveAll(IReadOnlyList<ProofRequest> requests)
    {
        MerkleProof?[] proofs = [.. requests.Select(request => TryBuildTree(request, out MerkleProof proof, out _) ? proof : null)];
        ReadValues(proofs);
        MerkleNode?[] leaves = MerkleHash.LeavesOf(proofs);
        for (int i = 0; i < proofs.Length; i++)
        {
            if (leaves[i] is { } leaf && !IsIntact(leaf))
                proofs[i] = null;
        }

        return proofs;
    }

    /// <summary>The proof with its block as the disk has it.</summary>
    private bool TryBuild(ProofRequest request, out MerkleProof proof, out ProofFailure failure)
    {
        if (!TryBuildTree(request, out proof, out failure))
            return false;
        if (proof.Block is not { } block)
            return true;
        if (!TryReadWhole(block.Index, out ReadOnlyMemory<byte> value))
        {
            failure = ProofFailure.NotStored;
            return false;
        }

        proof = proof with { Block = block with { Value = value } };
        return true;
    }

    /// <summary>The proof of a block that is stored, or of nodes; its value is still to be read.</summary>
    private bool TryBuildTree(ProofRequest request, out MerkleProof proof, out ProofFailure failure)
    {
        if (!ProofBuilder.TryBuild(_journal.Tree, _state.Nodes, request, _state.Verifier?.Prologue, out proof, out failure))
            return false;
        if (proof.Block is null || _state.Bitfield.Get(proof.Block.Index))
            return true;
        failure = ProofFailure.NotStored;
        return false;
    }

    private void ReadValues(MerkleProof?[] proofs)
    {
        int[] asked = [.. Enumerable.Range(0, proofs.Length).Where(i => proofs[i]?.Block is not null)];
        long[] blocks = [.. asked.Select(i => proofs[i]!.Block!.Index)];
        ReadOnlyMemory<byte>[] values = new ReadOnlyMemory<byte>[blocks.Length];
        RunReader runs = new(_files[CoreFile.Data], _state.Nodes, _journal.Blocks);
        for (int at = 0; at < blocks.Length;)
        {
            bool located = _journal.Accepted.TryByteOffset(_state.Nodes, 2 * blocks[at], out long offset);
            int together = located ? runs.Read(blocks.AsSpan(at), offset, values.AsSpan(at)) : 0;
            bool read = together > 0 || TryReadWhole(blocks[at], out values[at]);
            for (int end = at + Math.Max(together, 1); at < end; at++)
            {
                MerkleProof proof = proofs[asked[at]]!;
                proofs[asked[at]] = read ? proof with { Block = proof.Block! with { Value = values[at] } } : null;
            }
        }
    }

    /// <summary>Peers would blame us for what the disk did to a block: it is checked against its leaf before it is sent.</summary>
    private bool IsIntact(MerkleNode leaf) => _state.Nodes.TryGet(leaf.Index, out MerkleNode stored) && stored == leaf;

    /// <summary>Whether a leaf has the size and the hash of its block; null when that is not stored.</summary>
    internal bool? IsOfStoredBlock(MerkleNode leaf)
        => !Has(leaf.Index / 2) ? null
            : TryReadWhole(leaf.Index / 2, out ReadOnlyMemory<byte> block) && MerkleHash.Leaf(leaf.Index / 2, block.Span) == leaf;

    private bool TryReadWhole(long index, out ReadOnlyMemory<byte> block)
    {
        try
        {
            return TryReadStored(index, out block);
        }
        catch (CoreStorageException)
        {
            block = default;
            return false;
        }
    }

    /// <summary>A block that is not on disk yet may lie in the memory of others, which a reader would keep alive with it.</summary>
    private static ReadOnlyMemory<byte> Own(ReadOnlyMemory<byte> block)
        => MemoryMarshal.TryGetArray(block, out ArraySegment<byte> place) && place.Array!.Length > 2 * (long)block.Length ? block.ToArray() : block;

    /// <summary>Where a stored block stands in the data file.</summary>
    internal long OffsetOf(long index)
        => _journal.Accepted.TryByteOffset(_state.Nodes, 2 * index, out long offset)
            ? offset
            : throw MissingNode(index, "a node left of");

    private static CoreStorageException MissingNode(long index, string what)
        => new(CoreFile.Tree, 2 * index * MerkleNode.StoredSize, $"{what} stored block {index} is missing");

    private bool IsEncrypted => _options.EncryptionKey is not null;

    // A reader knows the rules of its core, on which the key of the blocks depends, no earlier than it has a block.
    private BlockCipher Cipher => _cipher ??= _options.IsBlockKey
        ? new BlockCipher(_options.EncryptionKey!.Value)
        : BlockCipher.ForCore(_state.Key, _options.EncryptionKey!.Value, _state.Verifier?.Compat ?? true);

    private void Answer(CoreOrder order, long index)
    {
        try
        {
            _ = TryRead(index, out ReadOnlyMemory<byte> block);
            _journal.Raise(new BlockRead(order, index, block));
        }
        catch (CoreStorageException damage)
        {
            _journal.Raise(new OrderFailed(order, CoreFailure.Damaged, damage.Message));
        }
    }

    private void Wait(CoreOrder order, long index)
    {
        if (!_waiting.TryGetValue(index, out List<WaitingRead>? reads))
        {
            _waiting.Add(index, reads = []);
            _journal.Raise(new NeedBlock(index));
        }

        reads.Add(new WaitingRead(order, Existed: index < _journal.Accepted.Length));
        _waitingCount++;
    }

    private void GiveUpIfIdle(long index, List<WaitingRead> reads)
    {
        if (reads.Count == 0 && _waiting.Remove(index))
            _journal.Raise(new BlockUnneeded(index));
    }

    private readonly record struct WaitingRead(CoreOrder Order, bool Existed);
}
