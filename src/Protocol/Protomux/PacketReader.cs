using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Protomux;

/// <summary>Flattens one packet, batches within batches included, into entries of a channel id and a body.</summary>
internal sealed class PacketReader
{
    private readonly int _maxDepth;
    private readonly Stack<(ReadOnlyMemory<byte> Bytes, ulong Channel)> _outer = new();
    private ReadOnlyMemory<byte> _rest;
    private ulong _channel;
    private bool _inBatch;

    internal PacketReader(ReadOnlyMemory<byte> packet, int maxBatchDepth) => (_rest, _maxDepth) = (packet, maxBatchDepth);

    /// <summary>Set when the packet is cut short, nested too deep or otherwise not one.</summary>
    internal bool IsMalformed { get; private set; }

    /// <summary>Whether the packet is a batch with more to come.</summary>
    internal bool HasMore => _outer.Count > 0 || (_inBatch && !_rest.IsEmpty);

    internal bool TryNext(out ulong channel, out ReadOnlyMemory<byte> body)
    {
        while (TryEntry(out channel, out body))
        {
            if (channel != 0 || body.IsEmpty || body.Span[0] != (byte)ControlType.Batch)
                return true;
            if (!TryEnter(body[1..]))
                return Malformed();
        }

        return false;
    }

    private bool TryEntry(out ulong channel, out ReadOnlyMemory<byte> body)
    {
        (channel, body) = (0, default);
        while (_rest.IsEmpty && _outer.Count > 0)
            (_rest, _channel) = _outer.Pop();
        if (_rest.IsEmpty)
            return false;
        CompactReader reader = new(_rest.Span);
        if (!_inBatch)
        {
            if (!reader.TryUInt(out channel))
                return Malformed();
            (body, _rest) = (_rest[reader.Position..], default);
            return true;
        }

        return TryBatchEntry(ref reader, out channel, out body);
    }

    private bool TryBatchEntry(ref CompactReader reader, out ulong channel, out ReadOnlyMemory<byte> body)
    {
        (channel, body) = (0, default);
        while (!reader.AtEnd)
        {
            if (!reader.TryUInt(out ulong length))
                return Malformed();
            if (length == 0)
            {
                if (!reader.TryUInt(out _channel))
                    return Malformed();
                continue;
            }

            if (length > (ulong)reader.RemainingLength)
                return Malformed();
            (channel, body) = (_channel, _rest.Slice(reader.Position, (int)length));
            _rest = _rest[(reader.Position + (int)length)..];
            return true;
        }

        // A batch may end with a switch to a channel for which nothing follows.
        _rest = default;
        return _outer.Count > 0 && TryEntry(out channel, out body);
    }

    private bool TryEnter(ReadOnlyMemory<byte> batch)
    {
        CompactReader reader = new(batch.Span);
        if (_outer.Count >= _maxDepth || !reader.TryUInt(out ulong channel))
            return false;
        if (!_rest.IsEmpty)
            _outer.Push((_rest, _channel));
        (_rest, _channel, _inBatch) = (batch[reader.Position..], channel, true);
        return true;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        return false;
    }
}
