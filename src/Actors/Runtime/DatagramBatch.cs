using System.Buffers;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime;

/// <summary>One received datagram; its bytes are valid until the batch is disposed.</summary>
public readonly record struct Datagram(PeerAddress From, ReadOnlyMemory<byte> Bytes);

/// <summary>All datagrams of one wake-up, in order of arrival, in pooled memory.</summary>
public sealed class DatagramBatch : IDisposable
{
    // Most wake-ups bring one datagram.
    private Slot _first;
    private List<Slot>? _others;
    private byte[] _buffer;
    private int _used;
    private RecordedDatagramPort? _recorder;

    public DatagramBatch(int expectedDatagrams = 1, int expectedBytes = 1500)
    {
        _others = expectedDatagrams > 1 ? new List<Slot>(expectedDatagrams - 1) : null;
        _buffer = ArrayPool<byte>.Shared.Rent(expectedBytes);
    }

    public int Count { get; private set; }

    /// <summary>Payload bytes in total.</summary>
    public int ByteLength => _used;

    /// <summary>Copies one datagram into the batch.</summary>
    public void Add(PeerAddress from, ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _buffer.Length)
            Grow(_used + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        Slot slot = new(from, _used, bytes.Length);
        if (Count++ == 0)
            _first = slot;
        else
            (_others ??= []).Add(slot);
        _used += bytes.Length;
    }

    /// <summary>Looks at a datagram to decide whose it is; reading it is left to that one.</summary>
    public ReadOnlySpan<byte> Peek(int index) => _buffer.AsSpan(SlotAt(index).Start, SlotAt(index).Length);

    /// <summary>Copies a datagram to another batch, where its receipt is still to be recorded.</summary>
    public void CopyTo(DatagramBatch destination, int index)
    {
        destination._recorder = _recorder;
        destination.Add(SlotAt(index).From, Peek(index));
    }

    /// <summary>Goes through the datagrams; from each step on, what happens has the receipt of that datagram as its cause.</summary>
    public Reader Read() => new(this);

    /// <summary>Returns the memory; datagrams read from the batch are invalid from here on.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_others, _used, Count) = (null, 0, 0);
    }

    internal void RecordWith(RecordedDatagramPort recorder) => _recorder = recorder;

    private Slot SlotAt(int index) => index == 0 ? _first : _others![index - 1];

    private void Grow(int required)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(required, _buffer.Length * 2));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Goes through a batch once.</summary>
    public struct Reader
    {
        private readonly DatagramBatch _batch;
        private int _next;

        internal Reader(DatagramBatch batch) => _batch = batch;

        public Datagram Current { get; private set; }

        public readonly Reader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= _batch.Count)
                return false;
            Slot slot = _batch.SlotAt(_next++);
            Current = new Datagram(slot.From, _batch._buffer.AsMemory(slot.Start, slot.Length));
            if (_batch._recorder is { } recorder)
                CurrentCause.Id = recorder.RecordReceipt(Current);
            return true;
        }
    }

    private readonly record struct Slot(PeerAddress From, int Start, int Length);
}
