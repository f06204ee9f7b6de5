using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Between our addresses and the socket layer's, without garbage.</summary>
internal static class SocketAddresses
{
    private const int Size = 16;

    public static SocketAddress Create() => new(AddressFamily.InterNetwork, Size);

    public static void Write(PeerAddress address, SocketAddress target)
    {
        Span<byte> bytes = target.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], address.Host);
    }

    public static PeerAddress Read(SocketAddress source)
    {
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        return new PeerAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
    }
}
