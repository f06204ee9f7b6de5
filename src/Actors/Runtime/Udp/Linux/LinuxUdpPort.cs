using System.Net.Sockets;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>A UDP socket that is read by the thread that waits for the network, many datagrams at a time.</summary>
internal sealed class LinuxUdpPort : IDatagramPort
{
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly IDatagramReceiver _receiver;
    private readonly Lock _sending = new();
    private readonly Lock _receiving = new();
    private bool _segments;
    private long _key;
    private long _sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes, _dropped;
    private long _round;
    private int _most = ReceiveBuffers.Messages;
    private volatile bool _closed;

    public LinuxUdpPort(Socket socket, PeerAddress local, IDatagramReceiver receiver, bool usesSegmentation)
    {
        (_socket, _receiver, LocalAddress) = (socket, receiver, local);
        _segments = usesSegmentation;
        _descriptor = (int)socket.Handle;
        Coalesce();
    }

    public PeerAddress LocalAddress { get; }

    public DatagramBuffers Buffers => new(_socket.ReceiveBufferSize, _socket.SendBufferSize);

    public DatagramCounters Counters => new(
        Interlocked.Read(ref _sentDatagrams), Interlocked.Read(ref _sentBytes),
        Interlocked.Read(ref _receivedDatagrams), Interlocked.Read(ref _receivedBytes), Interlocked.Read(ref _dropped));

    /// <summary>From here on the receiver is called.</summary>
    public void Open()
    {
        lock (_receiving)
            _key = NetworkThread.Shared.Add(_descriptor, Receive);
    }

    public DatagramBuffers Resize(DatagramBuffers wanted)
    {
        lock (_sending)
        {
            if (_closed)
                return default;
            SocketBuffers.Resize(_socket, wanted);
            return Buffers;
        }
    }

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        lock (_sending)
        {
            if (!_closed)
                Count(SendBuffers.OfThread.Send(_descriptor, datagram, to) ? 1 : 0, 1, datagram.Length);
        }
    }

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive)
    {
        lock (_sending)
        {
            if (_closed)
                return;
            short usual = _socket.Ttl;
            _socket.Ttl = (short)timeToLive;
            Send(datagram, to);
            _socket.Ttl = usual;
        }
    }

    public void Send(ReadOnlySpan<OutgoingDatagram> batch)
    {
        lock (_sending)
        {
            if (_closed)
                return;
            long bytes = 0;
            foreach (OutgoingDatagram datagram in batch)
                bytes += datagram.Bytes.Length;
            Count(SendBuffers.OfThread.Send(_descriptor, batch, ref _segments), batch.Length, bytes);
        }
    }

    /// <summary>Waits for a send or a receipt that is under way, because the descriptor may be another file's afterwards.</summary>
    public void Dispose()
    {
        lock (_sending)
        {
            lock (_receiving)
            {
                if (_closed)
                    return;
                _closed = true;
                NetworkThread.Shared.Remove(_descriptor, _key);
                _socket.Dispose();
            }
        }
    }

    private unsafe void Coalesce()
    {
        int on = 1;
        _ = LibC.setsockopt(_descriptor, LibC.SocketLevelUdp, LibC.OptionCoalesce, &on, sizeof(int));
    }

    private void Receive(ReceiveBuffers buffers)
    {
        CurrentCause.Enter(null, EventId.None);
        DatagramBatch? batch;
        lock (_receiving)
        {
            if (_closed)
                return;
            // Whoever is called again at once had more to read.
            if (buffers.Round == _round + 1)
                _most = ReceiveBuffers.Messages;
            _round = buffers.Round;
            batch = buffers.Read(_descriptor, _most, out int count, out int failures);
            if (count == 1)
                _most = 1;
            Interlocked.Add(ref _dropped, failures);
        }

        if (batch is null)
            return;
        Interlocked.Add(ref _receivedDatagrams, batch.Count);
        Interlocked.Add(ref _receivedBytes, batch.ByteLength);
        _receiver.Receive(batch);
    }

    private void Count(int sent, int all, long bytes)
    {
        Interlocked.Add(ref _sentDatagrams, sent);
        Interlocked.Add(ref _sentBytes, bytes * sent / all);
        Interlocked.Add(ref _dropped, all - sent);
    }
}
