using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>A UDP socket with one outstanding receive; what else has arrived by then joins the same batch.</summary>
internal sealed class UdpPort : IDatagramPort
{
    private readonly Socket _socket;
    private readonly IDatagramReceiver _receiver;
    private readonly UdpOptions _options;
    private readonly SocketAddress _to = SocketAddresses.Create();
    private readonly SocketAddress _from = SocketAddresses.Create();
    private readonly Lock _sending = new();
    private readonly byte[] _buffer;
    private long _sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes, _dropped;
    private volatile bool _closed;

    public UdpPort(Socket socket, PeerAddress local, IDatagramReceiver receiver, UdpOptions options)
    {
        _socket = socket;
        _receiver = receiver;
        _options = options;
        LocalAddress = local;
        _buffer = GC.AllocateUninitializedArray<byte>(options.LargestDatagram, pinned: true);
    }

    public PeerAddress LocalAddress { get; }

    public DatagramBuffers Buffers => new(_socket.ReceiveBufferSize, _socket.SendBufferSize);

    public DatagramCounters Counters => new(
        Interlocked.Read(ref _sentDatagrams), Interlocked.Read(ref _sentBytes),
        Interlocked.Read(ref _receivedDatagrams), Interlocked.Read(ref _receivedBytes), Interlocked.Read(ref _dropped));

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
        if (_closed)
            return;
        lock (_sending)
        {
            SocketAddresses.Write(to, _to);
            try
            {
                _ = _socket.SendTo(datagram, SocketFlags.None, _to);
                Interlocked.Increment(ref _sentDatagrams);
                Interlocked.Add(ref _sentBytes, datagram.Length);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref _dropped);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref _dropped);
            }
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
        foreach (OutgoingDatagram datagram in batch)
            Send(datagram.Bytes.Span, datagram.To);
    }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }

    /// <summary>Receives until the port is closed.</summary>
    public async Task ReceiveAsync()
    {
        while (!_closed)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, _from).ConfigureAwait(false);
                _receiver.Receive(Drain(length));
            }
            catch (SocketException) when (!_closed)
            {
                Interlocked.Increment(ref _dropped);
            }
            catch (Exception error) when (_closed && error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private DatagramBatch Drain(int length)
    {
        var batch = new DatagramBatch(1, Math.Max(length, _socket.Available));
        Take(batch, length);
        while (batch.Count < _options.LargestBatch && _socket.Available > 0)
            Take(batch, _socket.ReceiveFrom(_buffer, SocketFlags.None, _from));
        return batch;
    }

    private void Take(DatagramBatch batch, int length)
    {
        batch.Add(SocketAddresses.Read(_from), _buffer.AsSpan(0, length));
        Interlocked.Increment(ref _receivedDatagrams);
        Interlocked.Add(ref _receivedBytes, length);
    }
}
