using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The value of PEER_HOLEPUNCH: an encrypted payload and how it is routed.</summary>
/// <param name="Id">The server's number for the handshake; zero on the way back.</param>
public sealed record HolepunchMessage(PeerRoutingMode Mode, ulong Id, ReadOnlyMemory<byte> Payload, PeerAddress? PeerAddress = null)
{
    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt(PeerAddress is null ? 0u : 1u).UInt((ulong)Mode).UInt(Id).Buffer(Payload.Span);
        if (PeerAddress is { } peer)
            writer.Address(peer);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out HolepunchMessage message)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryUInt(out ulong flags);
        read &= reader.TryUInt(out uint mode);
        read &= reader.TryUInt(out ulong id);
        read &= reader.TryBuffer(out ReadOnlySpan<byte> payload);
        PeerAddress? peer = null;
        if (read && (flags & 1) != 0)
        {
            read = reader.TryAddress(out PeerAddress address);
            peer = address;
        }

        message = new HolepunchMessage((PeerRoutingMode)mode, id, payload.ToArray(), peer);
        return read;
    }
}
