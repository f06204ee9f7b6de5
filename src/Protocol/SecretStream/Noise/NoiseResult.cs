using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>What a finished handshake leaves to both sides; the 64-byte hash names the session.</summary>
/// <param name="Tx">Key of the direction this side sends in.</param>
/// <param name="Rx">Key of the direction this side receives in.</param>
/// <param name="HandshakeHash">The same 64 bytes on both sides.</param>
public sealed record NoiseResult(
    Bytes32 Tx,
    Bytes32 Rx,
    byte[] HandshakeHash,
    PublicKey LocalPublicKey,
    PublicKey RemotePublicKey,
    bool IsInitiator);
