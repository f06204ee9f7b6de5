using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Values that both sides derive from the handshake hash (transport reference 3.2 and 3.5).</summary>
internal static class SessionConstants
{
    internal static readonly Bytes32 InitiatorNamespace = Blake2b.Namespace("hyperswarm/secret-stream", 0);
    internal static readonly Bytes32 ResponderNamespace = Blake2b.Namespace("hyperswarm/secret-stream", 1);
    internal static readonly Bytes32 SendNamespace = Blake2b.Namespace("hyperswarm/secret-stream", 2);

    /// <summary>What a side puts in front of its stream.</summary>
    internal static Bytes32 StreamId(ReadOnlySpan<byte> handshakeHash, bool isInitiator) => Blake2b.Keyed256(handshakeHash, Side(isInitiator).Span);

    /// <summary>The key of a side's unordered messages.</summary>
    internal static Bytes32 SendKey(ReadOnlySpan<byte> handshakeHash, bool isInitiator)
    {
        Bytes32 side = Side(isInitiator), send = SendNamespace;
        return Blake2b.Keyed256(handshakeHash, side.Span, send.Span);
    }

    private static Bytes32 Side(bool isInitiator) => isInitiator ? InitiatorNamespace : ResponderNamespace;
}
