using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>The client's side of a handshake whose one message goes to several relays, any of which may answer with rubbish.</summary>
internal sealed class InitiatorHandshake
{
    private readonly KeyPair _keyPair;
    private readonly PublicKey _remote;
    private readonly byte[] _payload;
    private readonly FixedEntropy _ephemeral;
    private NoiseHandshake? _handshake;

    public InitiatorHandshake(KeyPair keyPair, PublicKey remote, NoisePayload payload, IEntropy entropy)
    {
        _keyPair = keyPair;
        _remote = remote;
        _payload = payload.Encode();
        _ephemeral = new FixedEntropy(entropy.Next32());
        Message = Begin();
    }

    /// <summary>The first Noise message; absent when the remote's key is no usable point.</summary>
    public byte[]? Message { get; }

    /// <summary>A false reply does not spoil the handshake for the true one.</summary>
    public bool TryReceive(ReadOnlySpan<byte> message, [NotNullWhen(true)] out NoiseResult? result, out NoisePayload payload)
    {
        payload = new NoisePayload();
        result = null;
        if (_handshake is null || _handshake.Result is not null)
            return false;
        if (_handshake.TryReceive(message, out byte[] plain) && NoisePayload.TryDecode(plain, out payload))
        {
            result = _handshake.Result!;
            return true;
        }

        Begin();
        return false;
    }

    // The same ephemeral key gives the same message, so that a reply to an earlier copy still fits.
    private byte[]? Begin()
    {
        _handshake = NoiseHandshake.InitiateIK(_keyPair, _remote, HyperDhtNamespaces.PeerHandshake.Span, _ephemeral);
        return _handshake.TrySend(_payload, out byte[] message) ? message : null;
    }

    private sealed class FixedEntropy(Bytes32 seed) : IEntropy
    {
        public void Fill(Span<byte> destination) => seed.Span[..destination.Length].CopyTo(destination);
    }
}
