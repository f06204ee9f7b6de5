using System.Buffers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.SecretStream.Framing;

namespace Hyper.Protocol.Protomux;

/// <summary>Writes packets, or collects them into batches while corked.</summary>
internal sealed class MuxOutput(Queue<ProtomuxEffect> effects, int batchBytes)
{
    private const int MaxPacketLength = SecretStreamOptions.LargestMessageLength;
    private const int MaxEntryOverhead = 32;

    private readonly CompactWriter _body = new();
    private readonly BatchBuffer _batch = new();
    private int _batchChannel;
    private int _corked;

    /// <summary>The largest payload that fits one message.</summary>
    internal const int MaxPayloadLength = MaxPacketLength - MaxEntryOverhead;

    internal void Cork() => _corked++;

    internal void Uncork()
    {
        if (_corked > 0 && --_corked == 0)
            FlushBatch();
    }

    internal void Data(int localId, int type, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tail)
    {
        _body.Reset();
        _body.UInt((ulong)type);
        Write(localId, payload, tail);
    }

    internal void Open(int localId, ChannelRequest request)
    {
        Control(ControlType.Open).UInt((ulong)localId).Text(request.Protocol).Buffer(request.Id.Span);
        Write(0, request.Handshake.Span, []);
    }

    internal void Reject(int remoteId)
    {
        Control(ControlType.Reject).UInt((ulong)remoteId);
        Write(0, [], []);
    }

    internal void Close(int localId)
    {
        Control(ControlType.Close).UInt((ulong)localId);
        Write(0, [], []);
    }

    private CompactWriter Control(ControlType type)
    {
        _body.Reset();
        return _body.UInt((ulong)type);
    }

    private void Write(int channel, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tail)
    {
        int length = _body.Length + payload.Length + tail.Length;
        if (_corked > 0 && length + MaxEntryOverhead <= MaxPacketLength)
        {
            AddToBatch(channel, length, payload, tail);
            return;
        }

        // What is too large to share a batch still keeps its place in the order.
        FlushBatch();
        int packetLength = CompactSize.UInt((ulong)channel) + length;
        byte[] packet = ArrayPool<byte>.Shared.Rent(packetLength);
        Span<byte> rest = packet.AsSpan(CompactSize.WriteUInt(packet, (ulong)channel));
        _body.Written.CopyTo(rest);
        payload.CopyTo(rest[_body.Length..]);
        tail.CopyTo(rest[(_body.Length + payload.Length)..]);
        effects.Enqueue(ProtomuxEffect.Transmit.Rented(packet, packetLength));
    }

    private void AddToBatch(int channel, int length, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tail)
    {
        if (_batch.Length >= batchBytes || (_batch.Length > 0 && _batch.Length + length + MaxEntryOverhead > MaxPacketLength))
            FlushBatch();
        if (_batch.Length == 0)
            Begin(channel);
        else if (_batchChannel != channel)
            SwitchTo(channel);
        _batchChannel = channel;
        _batch.UInt((ulong)length);
        _batch.Raw(_body.Written);
        _batch.Raw(payload);
        _batch.Raw(tail);
    }

    private void Begin(int channel)
    {
        _batch.Byte(0);
        _batch.Byte((byte)ControlType.Batch);
        _batch.UInt((ulong)channel);
    }

    private void SwitchTo(int channel)
    {
        _batch.Byte(0);
        _batch.UInt((ulong)channel);
    }

    private void FlushBatch()
    {
        if (_batch.Length > 0)
            effects.Enqueue(_batch.Take());
    }
}
