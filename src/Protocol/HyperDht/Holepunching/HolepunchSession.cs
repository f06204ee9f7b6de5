using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>The secrets of one handshake's holepunch: what seals its rounds, and what its tokens are made with.</summary>
internal sealed class HolepunchSession
{
    private readonly Bytes32 _secret;
    private readonly Bytes32 _tokenKey;
    private readonly IEntropy _entropy;

    /// <param name="handshakeHash">Of the Noise handshake, equal on both sides.</param>
    /// <param name="entropy">For nonces and for the tokens' key.</param>
    public HolepunchSession(ReadOnlySpan<byte> handshakeHash, IEntropy entropy)
        => (_secret, _tokenKey, _entropy) = (SecretOf(handshakeHash), entropy.Next32(), entropy);

    public static Bytes32 SecretOf(ReadOnlySpan<byte> handshakeHash)
        => Blake2b.Keyed256(handshakeHash, HyperDhtNamespaces.PeerHolepunch.Span);

    public static Bytes32 Token(Bytes32 key, PeerAddress address) => Blake2b.Keyed256(key.Span, Encoding.ASCII.GetBytes(address.HostText));

    /// <summary>What a peer at this host is to echo; the port is not covered.</summary>
    public Bytes32 TokenFor(PeerAddress address) => Token(_tokenKey, address);

    public byte[] Seal(HolepunchPayload payload) => SecurePayload.Seal(_secret, payload, _entropy);

    public bool TryOpen(ReadOnlySpan<byte> sealedBytes, out HolepunchPayload payload)
        => SecurePayload.TryOpen(_secret, sealedBytes, out payload);
}
