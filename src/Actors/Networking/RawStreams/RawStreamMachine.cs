using System.Diagnostics.CodeAnalysis;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>A UDX stream whose reader asks for what has arrived; what is not asked for shrinks the window that is announced to the remote end.</summary>
internal sealed class RawStreamMachine(RawStreamOptions options, uint localId)
{
    private readonly UdxStreamMachine _udx = new(options.Udx, localId);
    private readonly UnreadBytes _unread = new();
    private readonly Queue<ReadOnlyMemory<byte>> _messages = new();
    private ConnectionCloseReason? _reason;
    private string? _detail;
    private uint? _remoteId;
    private bool _hasWay;
    private bool _isEnding;
    private bool _hasRemoteEnded;
    private bool _isOver;

    public UdxStreamMachine Udx => _udx;

    /// <summary>Nothing follows.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The remote end sends nothing more, and all of it has been read.</summary>
    public bool IsReadToEnd => _hasRemoteEnded && _unread.Count == 0;

    public long DroppedMessages { get; private set; }

    public int UnreadBytes => _unread.Count;

    /// <summary>Valid after all effects have been taken.</summary>
    public TimeSpan? NextDeadline => _udx.NextDeadline;

    /// <summary>Packets go to this stream of the remote end once there is a way; the first one counts.</summary>
    public void Connect(uint remoteId, TimeSpan now)
    {
        _remoteId ??= remoteId;
        ConnectWhenReady(now);
    }

    /// <summary>There is a way, or another one.</summary>
    public void HandleWay(TimeSpan now)
    {
        _hasWay = true;
        if (_udx is { IsConnected: true, IsClosed: false })
            _udx.ChangeRemote(_udx.RemoteId, now);
        else
            ConnectWhenReady(now);
    }

    /// <summary>The datagram's memory must stay until all effects have been taken.</summary>
    public void HandleDatagram(ReadOnlyMemory<byte> datagram, TimeSpan now) => _udx.HandleBorrowed(datagram, now);

    public void HandleTimeout(TimeSpan now) => _udx.HandleTimeout(now);

    public WriteResult Write(ReadOnlyMemory<byte> bytes, TimeSpan now)
    {
        if (_isEnding || _udx.IsClosed)
            return WriteResult.Refused;
        if (bytes.Length > options.MaxQueuedBytes - _udx.QueuedBytes)
        {
            Destroy($"{_udx.QueuedBytes} bytes wait for a remote end that takes none, and {bytes.Length} more were written", now);
            return WriteResult.Refused;
        }

        return bytes.IsEmpty || _udx.Write(bytes, Nobody.Instance, now) ? WriteResult.Taken : WriteResult.Waits;
    }

    public void Send(ReadOnlyMemory<byte> message, TimeSpan now) => _udx.SendMessage(message.Span, now);

    public void End(TimeSpan now)
    {
        if (_isEnding || _udx.IsClosed)
            return;
        _isEnding = true;
        _udx.WriteEnd(now);
    }

    /// <param name="detail">Why, where that is not the user's wish.</param>
    /// <param name="now">The time.</param>
    public void Destroy(string? detail, TimeSpan now)
    {
        if (!_isOver)
            _detail ??= detail;
        _unread.Clear();
        _udx.Destroy(now);
    }

    /// <summary>Everything that has arrived and was not read; false when that is nothing.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> bytes, TimeSpan now)
    {
        bytes = default;
        if (_unread.Count == 0)
            return false;
        bytes = _unread.TakeAll();
        _udx.BytesRead(bytes.Length, now);
        return true;
    }

    public bool TryReadMessage(out ReadOnlyMemory<byte> message) => _messages.TryDequeue(out message);

    /// <summary>Takes the next effect; the end of the stream comes last, and only when everything was read that came before a graceful one.</summary>
    public bool TryTake([NotNullWhen(true)] out RawStreamEffect? effect)
    {
        effect = null;
        while (effect is null && _udx.TryTake(out UdxStreamEffect next))
            effect = Handle(next);
        if (effect is null && _isOver && _unread.Count == 0 && !IsClosed)
        {
            IsClosed = true;
            effect = new RawStreamEffect.Closed(_reason!.Value, _detail);
        }

        return effect is not null;
    }

    private RawStreamEffect? Handle(UdxStreamEffect effect)
    {
        switch (effect)
        {
            case UdxStreamEffect.Transmit transmit:
                return new RawStreamEffect.Transmit(transmit.Packets);
            case UdxStreamEffect.Drained:
                return new RawStreamEffect.WritingResumed();
            case UdxStreamEffect.DataReceived data:
                _unread.Add(data);
                break;
            case UdxStreamEffect.MessageReceived message when _messages.Count < options.MaxUnreadMessages:
                _messages.Enqueue(message.Bytes);
                break;
            case UdxStreamEffect.MessageReceived:
                DroppedMessages++;
                break;
            case UdxStreamEffect.RemoteEnded:
                _hasRemoteEnded = true;
                break;
            case UdxStreamEffect.Closed closed:
                (_reason, _isOver) = (closed.Reason.OfConnection(), true);
                if (closed.Reason != UdxCloseReason.Ended)
                    _unread.Clear();
                break;
        }

        return null;
    }

    private void ConnectWhenReady(TimeSpan now)
    {
        if (_hasWay && _remoteId is { } remoteId && _udx is { IsConnected: false, IsClosed: false })
            _udx.Connect(remoteId, now);
    }

    /// <summary>Owns bytes that their writer left to the stream for good.</summary>
    private sealed class Nobody : IDisposable
    {
        public static Nobody Instance { get; } = new();

        public void Dispose()
        {
            // The collector has the memory back.
        }
    }
}
