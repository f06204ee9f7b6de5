using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Relaying;

namespace AuctionActors.Interop.Tests.Udx;

/// <summary>A relay of ours on one loopback socket.</summary>
internal sealed class UdpRelay : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly EndPoint[] _remotes = new EndPoint[2];
    private readonly UdxRelayMachine _machine;
    private Thread? _thread;
    private volatile bool _stopped;

    public UdpRelay(uint leftId, uint rightId)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _machine = new UdxRelayMachine(leftId, rightId);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Connect(RelaySide side, int port, uint remoteId)
    {
        _remotes[(int)side] = new IPEndPoint(IPAddress.Loopback, port);
        _machine.Connect(side, remoteId);
    }

    public void RunInBackground()
    {
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopped = true;
        _thread?.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        byte[] datagram = new byte[2048];
        while (!_stopped)
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead))
                continue;
            _machine.HandleDatagram(datagram.AsSpan(0, _socket.Receive(datagram)));
            if (!_machine.TryTake(out PacketBatch batch))
                continue;
            for (int i = 0; i < batch.Count; i++)
                _socket.SendTo(batch[i].Span, _remotes[batch.PathOf(i)]);
            batch.Dispose();
        }
    }
}
