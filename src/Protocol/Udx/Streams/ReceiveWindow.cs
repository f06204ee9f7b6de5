using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>The receiving half: puts packets in order, knows what to acknowledge and how much more is welcome.</summary>
internal sealed class ReceiveWindow(UdxStreamOptions options)
{
    private readonly ReorderBuffer _reorder = new(options);
    private long _end = long.MaxValue;
    private long _unread;
    private long _untilGrowth = options.ReceiveWindowBytes;
    private int _windowBytes = options.ReceiveWindowBytes;

    /// <summary>Bytes in order, not yet handed to the reader.</summary>
    public ReceivedBytes Delivered { get; } = new();

    /// <summary>Number of the next packet expected.</summary>
    public long Next { get; private set; } = SequenceNumber.First(options.InitialRemoteSequence);

    /// <summary>True once everything up to the remote END has been put in order.</summary>
    public bool RemoteEnded => Next > _end;

    public bool HasGaps => _reorder.Count > 0;

    /// <summary>
    /// The reader is so far behind that nothing more is taken. Who keeps to the announced bytes never gets there, even when a filled gap brings
    /// much at once: packets of such a sender that are refused until they time out would end the stream.
    /// </summary>
    public bool IsFull => Backlog >= (long)_windowBytes + options.MaximumReorderBytes;

    /// <summary>Bytes to announce in every packet.</summary>
    public uint AnnouncedBytes
        => options.AnnounceReaderBacklog && _unread > 0 ? (uint)Math.Max(0, _windowBytes - Backlog) : (uint)_windowBytes;

    private long Backlog => Delivered.Count + (options.AnnounceReaderBacklog ? _unread : 0);

    public bool IsDuplicate(long number) => number < Next || _reorder.Contains(number);

    /// <summary>Takes a DATA or END packet; false when it lies beyond the limits and must not be acknowledged.</summary>
    /// <param name="number">The packet's.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="lasting">Memory that stays until the reader has had it and ends with the payload, or nothing.</param>
    /// <param name="isEnd">Nothing comes after it.</param>
    public bool TryAccept(long number, ReadOnlySpan<byte> payload, ReadOnlyMemory<byte> lasting, bool isEnd)
    {
        if (number < Next || number > _end)
            return true;
        if (number > Next)
        {
            _reorder.Note(number);
            if (!_reorder.Contains(number) && !_reorder.TryAdd(number, Next, payload))
                return false;
            NoteEnd(number, isEnd);
            return true;
        }

        if (IsFull)
            return false;
        NoteEnd(number, isEnd);
        Delivered.Append(payload, lasting);
        Next++;
        while (!RemoteEnded && _reorder.TryRemove(Next, Delivered))
            Next++;
        if (RemoteEnded)
            _reorder.Clear();
        return true;
    }

    public int WriteBlocks(Span<SackBlock> blocks) => _reorder.WriteBlocks(Next, blocks);

    /// <summary>Hands what is in order to the reader.</summary>
    public UdxStreamEffect.DataReceived Lend()
    {
        _unread += Delivered.Count;
        return Delivered.Lend();
    }

    /// <summary>The reader is done with some bytes; true when a closed window has opened again.</summary>
    public bool OnRead(int byteCount, int packetBytes)
    {
        bool wasClosed = AnnouncedBytes < packetBytes;
        _unread = Math.Max(0, _unread - byteCount);
        Grow(byteCount);
        return options.AnnounceReaderBacklog && wasClosed && AnnouncedBytes >= packetBytes;
    }

    public void Clear() => _reorder.Clear();

    private void Grow(int byteCount)
    {
        _untilGrowth -= byteCount;
        if (_untilGrowth > 0 || _windowBytes >= options.MaximumReceiveWindowBytes)
            return;
        _windowBytes = Math.Min(2 * _windowBytes, options.MaximumReceiveWindowBytes);
        _untilGrowth = _windowBytes;
    }

    private void NoteEnd(long number, bool isEnd)
    {
        if (isEnd)
            _end = Math.Min(_end, number);
    }
}
