using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>Asks a few nodes to answer to the server socket's port, and judges from what arrives whether it is open.</summary>
internal sealed class FirewallProbe(PeerAddress? sampledAddress, ushort serverPort)
{
    /// <summary>Nodes asked.</summary>
    public const int NodeCount = 5;

    private readonly HashSet<RequestId> _outstanding = [];
    private int _asked;
    private int _pongs;

    /// <summary>The votes of those whose answer came through.</summary>
    public NatSampler Sampler { get; } = new();

    public bool IsFinished => _outstanding.Count == 0;

    /// <summary>True when enough answers reached the server port under the same address as the client socket's.</summary>
    public bool IsOpen
        => _pongs >= (_asked >= NodeCount ? 3 : 1)
            && Sampler.Address is { } address
            && address.Host == sampledAddress?.Host
            && address.Port == serverPort;

    public static OutgoingRequest Ping(PeerAddress node, ushort serverPort)
    {
        byte[] port = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(port, serverPort);
        return new OutgoingRequest(node, DhtCommand.PingNat) { Value = port };
    }

    public void Asked(RequestId request)
    {
        _asked++;
        _outstanding.Add(request);
    }

    /// <summary>False when the request is none of the probe's.</summary>
    public bool HandleReply(RequestId request, ReceivedReply reply)
    {
        if (!_outstanding.Remove(request))
            return false;
        if (reply.Socket == LocalSocket.Server)
        {
            _pongs++;
            Sampler.Add(reply.To);
        }

        return true;
    }

    public bool HandleFailure(RequestId request) => _outstanding.Remove(request);
}
