using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The value of PEER_HANDSHAKE: one Noise message and how it is routed.</summary>
/// <param name="PeerAddress">The other end as the last relay saw it.</param>
/// <param name="RelayAddress">A further relay on the way.</param>
public sealed record HandshakeMessage(
    PeerRoutingMode Mode, ReadOnlyMemory<byte> Noise, PeerAddress? PeerAddress = null, PeerAddress? RelayAddress = null)
{
    private const ulong PeerAddressFlag = 1, RelayAddressFlag = 2;

    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt((PeerAddress is null ? 0 : PeerAddressFlag) | (RelayAddress is null ? 0 : RelayAddressFlag));
        writer.UInt((ulong)Mode).Buffer(Noise.Span);
        if (PeerAddress is { } peer)
            writer.Address(peer);
        if (RelayAddress is { } relay)
            writer.Address(relay);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out HandshakeMessage message)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryUInt(out ulong flags);
        read &= reader.TryUInt(out uint mode);
        read &= reader.TryBuffer(out ReadOnlySpan<byte> noise);
        PeerAddress? peer = null, relay = null;
        if (read && (flags & PeerAddressFlag) != 0)
        {
            read = reader.TryAddress(out PeerAddress address);
            peer = address;
        }

        if (read && (flags & RelayAddressFlag) != 0)
        {
            read = reader.TryAddress(out PeerAddress address);
            relay = address;
        }

        message = new HandshakeMessage((PeerRoutingMode)mode, noise.ToArray(), peer, relay);
        return read;
    }
}
