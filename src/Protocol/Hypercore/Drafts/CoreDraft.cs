using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Drafts;

/// <summary>Blocks added to a core in memory, which become part of it together or not at all: upstream's batch.</summary>
public sealed class CoreDraft
{
    private readonly CoreReader _reader;
    private readonly List<ReadOnlyMemory<byte>> _plain = [];
    private readonly List<ReadOnlyMemory<byte>> _stored = [];

    // Grows with the draft: to hash all blocks anew for each that is added would take ever longer.
    private MerkleBatch? _whole;

    internal CoreDraft(CoreReader reader, MerkleTree tree)
    {
        _reader = reader;
        Base = tree;
    }

    /// <summary>The state of the core, stored or only waiting for signatures, that the draft's own blocks come after.</summary>
    public MerkleTree Base { get; private set; }

    /// <summary>Blocks, those of the core included.</summary>
    public long Length => Base.Length + _plain.Count;

    /// <summary>Bytes as the user sees them, without the padding of encrypted blocks.</summary>
    public long ByteLength => Base.ByteLength - (_reader.Padding * Base.Length) + _plain.Sum(block => (long)block.Length);

    /// <summary>Whether the core has been cut since: then nothing of the draft can be flushed.</summary>
    public bool IsStale => _reader.Accepted.Fork != Base.Fork;

    /// <summary>The blocks must not change afterwards.</summary>
    public void Append(params IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        foreach (ReadOnlyMemory<byte> block in blocks)
        {
            _stored.Add(_reader.Padding == 0 ? block : _reader.Encrypt(Length, Base.Fork, block));
            _plain.Add(block);
        }
    }

    /// <summary>Takes blocks of the draft back; false for blocks that the core has.</summary>
    public bool TryTruncate(long length)
    {
        if (length < Base.Length || length > Length)
            return false;
        int kept = (int)(length - Base.Length);
        _plain.RemoveRange(kept, _plain.Count - kept);
        _stored.RemoveRange(kept, _stored.Count - kept);
        _whole = null;
        return true;
    }

    /// <summary>A block of the draft or of the core; false when it is in neither.</summary>
    public bool TryRead(long index, out ReadOnlyMemory<byte> block)
    {
        block = default;
        if (index < 0 || index >= Length)
            return false;
        if (index < Base.Length)
            return !IsStale && _reader.Has(index) && _reader.TryRead(index, out block);
        block = _plain[(int)(index - Base.Length)];
        return true;
    }

    /// <summary>The block that holds a byte; false beyond the end, or when the core does not know.</summary>
    public bool TryFindByte(long bytes, out long block, out long offset)
    {
        long flushed = Base.ByteLength - (_reader.Padding * Base.Length);
        (block, offset) = (Base.Length, bytes - flushed);
        if (bytes < flushed)
            return _reader.TryFindBlock(Base, bytes, out block, out offset);
        foreach (ReadOnlyMemory<byte> added in _plain)
        {
            if (offset < added.Length)
                return true;
            offset -= added.Length;
            block++;
        }

        return offset == 0;
    }

    /// <summary>The unsigned state that a flush would lead to, for others to sign.</summary>
    public MerkleTree Preview(long? length = null) => Grow(length ?? Length).ToTree(default);

    public Bytes32 TreeHash => Preview().Hash;

    /// <summary>The base with the first of the draft's blocks, up to a length.</summary>
    internal MerkleBatch Grow(long length)
    {
        MerkleBatch batch = length < Length ? new MerkleBatch(Base) : _whole ??= new MerkleBatch(Base);
        for (int i = (int)(batch.Length - Base.Length); i < Math.Min(length - Base.Length, _stored.Count); i++)
            batch.Append(_stored[i].Span);
        return batch;
    }

    internal IReadOnlyList<ReadOnlyMemory<byte>> StoredUpTo(long length)
        => _stored.GetRange(0, (int)Math.Clamp(length - Base.Length, 0, _stored.Count));

    /// <summary>Blocks up to the state are the core's now.</summary>
    internal void Advance(MerkleTree tree)
    {
        int count = (int)(tree.Length - Base.Length);
        _plain.RemoveRange(0, count);
        _stored.RemoveRange(0, count);
        _whole = null;
        Base = tree;
    }
}
