using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Hyper.Actors.Runtime.Udp.Linux;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>UDP sockets of the operating system.</summary>
public sealed class UdpPorts(UdpOptions? options = null) : IDatagramPorts
{
    private readonly UdpOptions _options = options ?? UdpOptions.Default;

    public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            SocketBuffers.Resize(socket, new DatagramBuffers(_options.ReceiveBufferBytes, _options.SendBufferBytes));
            socket.Bind(local.ToEndPoint());
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied
                ? new PortInUseException(local, error)
                : new IOException($"cannot bind UDP {local}: {error.Message}", error);
        }

        ushort bound = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        PeerAddress address = local with { Port = bound };
        if (_options.UsesBatchedCalls && LibC.IsSupported)
        {
            LinuxUdpPort batched = new(socket, address, receiver, _options.UsesSegmentation);
            batched.Open();
            return batched;
        }

        var port = new UdpPort(socket, address, receiver, _options);
        _ = port.ReceiveAsync();
        return port;
    }

    public IDisposable WatchLocalHosts(Action changed) => new HostWatch(changed);

    public IReadOnlyList<uint> FindLocalHosts()
    {
        List<uint> hosts = [];
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus != OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
                continue;
            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (unicast.Address.AddressFamily == AddressFamily.InterNetwork)
                    hosts.Add(BinaryPrimitives.ReadUInt32BigEndian(unicast.Address.GetAddressBytes()));
            }
        }

        return hosts;
    }

    private sealed class HostWatch : IDisposable
    {
        private readonly NetworkAddressChangedEventHandler _handler;

        public HostWatch(Action changed)
        {
            _handler = (_, _) => changed();
            NetworkChange.NetworkAddressChanged += _handler;
        }

        public void Dispose() => NetworkChange.NetworkAddressChanged -= _handler;
    }
}
