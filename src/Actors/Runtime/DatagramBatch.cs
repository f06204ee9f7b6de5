using System.Buffers;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime;

/// <summary>One received datagram; its bytes are valid until the batch is disposed.</summary>
public readonly record struct Datagram(PeerAddress From, ReadOnlyMemory<byte> Bytes);

/// <summary>All datagrams of one wake-up, in order of arrival, in pooled memory.</summary>
public sealed class DatagramBatch : IDisposable
{
    private readonly List<Slot> _slots;
    private byte[] _buffer;
    private int _used;
    private RecordedDatagramPort? _recorder;

    public DatagramBatch(int expectedDatagrams = 1, int expectedBytes = 1500)
    {
        _slots = new List<Slot>(expectedDatagrams);
        _buffer = ArrayPool<byte>.Shared.Rent(expectedBytes);
    }

    public int Count => _slots.Count;

    /// <summary>Payload bytes in total.</summary>
    public int ByteLength => _used;

    /// <summary>Copies one datagram into the batch.</summary>
    public void Add(PeerAddress from, ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _buffer.Length)
            Grow(_used + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _slots.Add(new Slot(from, _used, bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>Looks at a datagram to decide whose it is; reading it is left to that one.</summary>
    public ReadOnlySpan<byte> Peek(int index) => _buffer.AsSpan(_slots[index].Start, _slots[index].Length);

    /// <summary>Copies a datagram to another batch, where its receipt is still to be recorded.</summary>
    public void CopyTo(DatagramBatch destination, int index)
    {
        destination._recorder = _recorder;
        destination.Add(_slots[index].From, Peek(index));
    }

    /// <summary>Goes through the datagrams; from each step on, what happens has the receipt of that datagram as its cause.</summary>
    public IEnumerable<Datagram> Read()
    {
        for (int i = 0; i < _slots.Count; i++)
        {
            var datagram = new Datagram(_slots[i].From, _buffer.AsMemory(_slots[i].Start, _slots[i].Length));
            if (_recorder is not null)
                CurrentCause.Id = _recorder.RecordReceipt(datagram);
            yield return datagram;
        }
    }

    /// <summary>Returns the memory; datagrams read from the batch are invalid from here on.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _slots.Clear();
        _used = 0;
    }

    internal void RecordWith(RecordedDatagramPort recorder) => _recorder = recorder;

    private void Grow(int required)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(required, _buffer.Length * 2));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private readonly record struct Slot(PeerAddress From, int Start, int Length);
}
