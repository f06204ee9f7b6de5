using System.Buffers;
using System.Numerics;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Written bytes that are not yet acknowledged, in pieces that are addressed by the byte's position in the stream.</summary>
/// <remarks>Long writes stay in their writer's memory until they have arrived; short ones share blocks.</remarks>
internal sealed class SendBuffer
{
    /// <summary>A shorter write costs less to copy than to keep.</summary>
    private const int ShortestKept = 2048;

    private const int BlockBytes = 4096;
    private const int InitialPieces = 4;

    // A ring whose size is a power of two; pieces are numbered from the first write on.
    private Piece[] _pieces = [];
    private long _first;
    private long _next;
    private long _latest;

    /// <summary>Position of the first byte still kept.</summary>
    public long Start { get; private set; }

    /// <summary>Position after the last byte written.</summary>
    public long End { get; private set; }

    public int Count => (int)(End - Start);

    /// <summary>Copies the bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_next == _first || PieceAt(_next - 1).Room == 0)
            {
                byte[] block = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, bytes.Length));
                Add(new Piece { Start = End, Memory = block, Block = block });
            }

            ref Piece piece = ref PieceAt(_next - 1);
            int length = Math.Min(piece.Room, bytes.Length);
            bytes[..length].CopyTo(piece.Block.AsSpan(piece.Length));
            piece.Length += length;
            End += length;
            bytes = bytes[length..];
        }
    }

    /// <summary>Keeps the bytes where they are; the owner is disposed when they are needed no more.</summary>
    public void Append(ReadOnlyMemory<byte> bytes, IDisposable owner)
    {
        if (bytes.Length < ShortestKept)
        {
            Append(bytes.Span);
            owner.Dispose();
            return;
        }

        Add(new Piece { Start = End, Memory = bytes, Length = bytes.Length, Owner = owner });
        End += bytes.Length;
    }

    public void CopyTo(long position, Span<byte> destination)
    {
        if (destination.IsEmpty)
            return;
        for (long number = Find(position); !destination.IsEmpty; number++)
        {
            ref Piece piece = ref PieceAt(number);
            int at = (int)(position - piece.Start);
            int length = Math.Min(piece.Length - at, destination.Length);
            piece.Memory.Span.Slice(at, length).CopyTo(destination);
            destination = destination[length..];
            position += length;
            _latest = number;
        }
    }

    /// <summary>Forgets everything before a position; an empty buffer holds no memory.</summary>
    public void ReleaseTo(long position)
    {
        Start = position;
        for (; _first < _next && PieceAt(_first).End <= position; _first++)
        {
            ref Piece piece = ref PieceAt(_first);
            piece.Owner?.Dispose();
            if (piece.Block is { } block)
                ArrayPool<byte>.Shared.Return(block);
            piece = default;
        }

        if (_first == _next)
            _pieces = [];
    }

    public void Clear() => ReleaseTo(End);

    /// <summary>The piece with this byte: mostly the one that was read last, or the one after it.</summary>
    private long Find(long position)
    {
        long low = _first, high = _next - 1;
        if (_latest >= low && _latest <= high && PieceAt(_latest).Start <= position)
        {
            if (position < PieceAt(_latest).End)
                return _latest;
            low = _latest + 1;
            if (position < PieceAt(low).End)
                return low;
        }

        while (low < high)
        {
            long middle = (low + high + 1) / 2;
            if (PieceAt(middle).Start <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private void Add(Piece piece)
    {
        if (_next - _first == _pieces.Length)
        {
            Piece[] larger = new Piece[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(InitialPieces, _pieces.Length * 2))];
            for (long number = _first; number < _next; number++)
                larger[(int)(number & (larger.Length - 1))] = PieceAt(number);
            _pieces = larger;
        }

        PieceAt(_next++) = piece;
    }

    private ref Piece PieceAt(long number) => ref _pieces[(int)(number & (_pieces.Length - 1))];

    private struct Piece
    {
        public long Start;
        public int Length;
        public ReadOnlyMemory<byte> Memory;
        public byte[]? Block;
        public IDisposable? Owner;

        public readonly long End => Start + Length;

        /// <summary>Bytes that later short writes may still add.</summary>
        public readonly int Room => Block is null ? 0 : Block.Length - Length;
    }
}
