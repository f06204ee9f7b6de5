using System.Security.Cryptography;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>What each side presents when it opens the channel: whether it serves seeks, and that it knows the core's key.</summary>
public readonly record struct ChannelHandshake(bool Seeks, Bytes32 Capability)
{
    /// <summary>The handshake of one side of a connection.</summary>
    /// <param name="key">The core.</param>
    /// <param name="handshakeHash">64 bytes that the Noise handshake of the connection ended with.</param>
    /// <param name="initiator">Whether that side started the Noise handshake.</param>
    public static ChannelHandshake For(CoreKey key, ReadOnlySpan<byte> handshakeHash, bool initiator)
    {
        Bytes32 role = initiator ? CoreNamespace.ReplicateInitiator : CoreNamespace.ReplicateResponder;
        return new ChannelHandshake(true, Blake2b.Keyed256(handshakeHash, role.Span, key.Value.Span));
    }

    /// <summary>Compares in constant time.</summary>
    public bool Proves(ChannelHandshake expected) => CryptographicOperations.FixedTimeEquals(Capability.Span, expected.Capability.Span);

    public byte[] Encode() => new CompactWriter(33).UInt(Seeks ? 1u : 0u).Fixed32(Capability).ToArray();

    /// <summary>What is wrong with a peer's handshake where this one is expected; null when nothing is.</summary>
    public CloseReason? FindFault(ReadOnlySpan<byte> received)
        => !TryDecode(received, out ChannelHandshake remote) ? CloseReason.MalformedMessage
            : !remote.Proves(this) ? CloseReason.WrongCapability
            : null;

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out ChannelHandshake handshake)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryUInt(out ulong flags) & reader.TryFixed32(out Bytes32 capability);
        handshake = new ChannelHandshake((flags & 1) != 0, capability);
        return read;
    }
}
