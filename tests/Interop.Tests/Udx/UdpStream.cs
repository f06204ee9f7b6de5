using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.Udx.Congestion;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Interop.Tests.Udx;

/// <summary>A stream of ours on a loopback socket, driven by the calling thread.</summary>
internal sealed class UdpStream : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly byte[] _datagram = new byte[2048];
    private EndPoint _remote = new IPEndPoint(IPAddress.Loopback, 0);
    private int _arrivals;

    public UdpStream(uint localId, ICongestionController? congestion = null)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveBufferSize = 4 << 20;
        Machine = new UdxStreamMachine(new UdxStreamOptions(), localId, congestion);
    }

    public UdxStreamMachine Machine { get; }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public TimeSpan Now => _clock.Elapsed;

    public MemoryStream Received { get; } = new();

    public List<string> Messages { get; } = [];

    public List<UdxStreamEffect> Events { get; } = [];

    /// <summary>Loses this many of 1000 arriving datagrams, evenly spread.</summary>
    public int LossPerMille { get; set; }

    public UdxCloseReason? CloseReason => Events.OfType<UdxStreamEffect.Closed>().SingleOrDefault()?.Reason;

    public bool SawEnd => Events.OfType<UdxStreamEffect.RemoteEnded>().Any();

    /// <summary>False from the write that filled the queue until it has drained.</summary>
    public bool IsWritable { get; private set; } = true;

    public void Connect(int port, uint remoteId)
    {
        _remote = new IPEndPoint(IPAddress.Loopback, port);
        Machine.Connect(remoteId, Now);
    }

    public void Write(ReadOnlySpan<byte> bytes) => IsWritable &= Machine.Write(bytes, Now);

    public void RunUntil(Func<bool> condition, TimeSpan? wait = null)
    {
        TimeSpan limit = Now + (wait ?? TimeSpan.FromSeconds(30));
        Drain();
        while (!condition())
        {
            if (Now > limit)
                throw new TimeoutException($"queued {Machine.QueuedBytes}, received {Received.Length}, timeouts {Machine.Counters.RetransmissionTimeouts}");
            Step();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Received.Dispose();
    }

    private void Step()
    {
        TimeSpan wait = Machine.NextDeadline is { } deadline ? deadline - Now : TimeSpan.FromMilliseconds(20);
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : wait;
        if (_socket.Poll(wait, SelectMode.SelectRead))
        {
            while (_socket.Available > 0)
            {
                int length = _socket.Receive(_datagram);
                if (LossPerMille == 0 || _arrivals++ * LossPerMille % 1000 >= LossPerMille)
                    Machine.HandleDatagram(_datagram.AsSpan(0, length), Now);
            }
        }

        if (Machine.NextDeadline <= Now)
            Machine.HandleTimeout(Now);
        Drain();
    }

    private void Drain()
    {
        while (Machine.TryTake(out UdxStreamEffect effect))
        {
            switch (effect)
            {
                case UdxStreamEffect.Transmit transmit:
                    for (int i = 0; i < transmit.Packets.Count; i++)
                        _socket.SendTo(transmit.Packets[i].Span, _remote);
                    transmit.Packets.Dispose();
                    break;
                case UdxStreamEffect.DataReceived data:
                    foreach (ReadOnlyMemory<byte> piece in data.Pieces)
                        Received.Write(piece.Span);
                    break;
                case UdxStreamEffect.MessageReceived message:
                    Messages.Add(System.Text.Encoding.UTF8.GetString(message.Bytes.Span));
                    break;
                case UdxStreamEffect.Drained:
                    IsWritable = true;
                    break;
                default:
                    Events.Add(effect);
                    break;
            }
        }
    }
}
