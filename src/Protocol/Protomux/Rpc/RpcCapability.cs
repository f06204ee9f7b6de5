using System.Security.Cryptography;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Proof, bound to one handshake, that a side knows a shared key; it travels in the RPC channel's handshake.</summary>
public sealed class RpcCapability(ReadOnlyMemory<byte> key)
{
    private const int HasCapability = 1;
    private static readonly Bytes32 DefaultNamespace = Blake2b.Namespace("hyperswarm-capability", 0);

    /// <summary>Replaces the default namespace when both sides agree on another.</summary>
    public Bytes32 Namespace { get; init; } = DefaultNamespace;

    /// <summary>The bytes this side puts behind its open.</summary>
    public byte[] EncodeHandshake(NoiseResult session)
        => new CompactWriter(Bytes32.Size + 1).UInt(HasCapability).Fixed32(Compute(session, session.IsInitiator)).ToArray();

    /// <summary>Judges what the remote put behind its open.</summary>
    public RpcCapabilityVerdict Verify(NoiseResult session, ReadOnlySpan<byte> handshake)
    {
        CompactReader reader = new(handshake);
        if (!reader.TryUInt(out ulong flags))
            return RpcCapabilityVerdict.Malformed;
        if ((flags & HasCapability) == 0)
            return RpcCapabilityVerdict.Refused;
        if (!reader.TryFixed32(out Bytes32 capability))
            return RpcCapabilityVerdict.Malformed;
        Bytes32 expected = Compute(session, !session.IsInitiator);
        return CryptographicOperations.FixedTimeEquals(capability.Span, expected.Span) ? RpcCapabilityVerdict.Accepted : RpcCapabilityVerdict.Refused;
    }

    internal Bytes32 Compute(NoiseResult session, bool ofInitiator)
        => Blake2b.Keyed256(session.HandshakeHash, Namespace.ToArray(), [ofInitiator ? (byte)1 : (byte)0], key.Span);
}

/// <summary>What the remote's handshake says about its knowledge of the shared key.</summary>
public enum RpcCapabilityVerdict
{
    /// <summary>The remote knows the key.</summary>
    Accepted,

    /// <summary>The remote does not know the key: close the channel.</summary>
    Refused,

    /// <summary>The remote sent no handshake, as one without a key does: upstream destroys the stream.</summary>
    Malformed,
}
