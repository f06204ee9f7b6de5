using System.Buffers;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>
/// What a connection reads from its stream. While too much waits for channels that are not open yet, bytes are held back, and the window
/// that is announced to the remote end shrinks by them.
/// </summary>
internal sealed class IncomingBytes(UdxStreamMachine stream, ProtomuxMachine mux)
{
    private readonly Queue<(byte[] Rented, int ByteLength)> _held = new();
    private bool _endIsHeld;

    /// <summary>Bytes that were read so far.</summary>
    public long ByteLength { get; private set; }

    /// <summary>Reads bytes, or keeps a copy of them.</summary>
    public void Receive(UdxStreamEffect.DataReceived data, SecretStreamMachine secret, TimeSpan now)
    {
        if (_held.Count > 0 || mux.ShouldPauseReading)
        {
            Hold(data);
            return;
        }

        secret.HandleBytes(data.Pieces, now);
        HasRead(data.ByteLength, now);
    }

    /// <summary>The remote end has ended: nothing comes after what is held back.</summary>
    public void ReceiveEnd() => _endIsHeld = true;

    /// <summary>Reads the oldest that is held back, unless it must wait on; false when nothing was read.</summary>
    public bool TryResume(SecretStreamMachine secret, TimeSpan now)
    {
        if (mux.ShouldPauseReading)
            return false;
        if (_held.TryDequeue(out (byte[] Rented, int ByteLength) next))
        {
            secret.HandleBytes(next.Rented.AsSpan(0, next.ByteLength), now);
            ArrayPool<byte>.Shared.Return(next.Rented);
            HasRead(next.ByteLength, now);
            return true;
        }

        bool isEnd = _endIsHeld;
        _endIsHeld = false;
        if (isEnd)
            secret.HandleEnd();
        return isEnd;
    }

    /// <summary>Nothing is read any more.</summary>
    public void Clear()
    {
        while (_held.TryDequeue(out (byte[] Rented, int ByteLength) next))
            ArrayPool<byte>.Shared.Return(next.Rented);
        _endIsHeld = false;
    }

    private void HasRead(int byteLength, TimeSpan now)
    {
        ByteLength += byteLength;
        stream.BytesRead(byteLength, now);
    }

    private void Hold(UdxStreamEffect.DataReceived data)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(data.ByteLength);
        data.CopyTo(copy);
        _held.Enqueue((copy, data.ByteLength));
    }
}
