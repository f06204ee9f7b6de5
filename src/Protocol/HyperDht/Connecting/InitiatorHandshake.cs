using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>The client's side of a handshake whose one message goes to several relays, any of which may answer with rubbish.</summary>
internal sealed class InitiatorHandshake
{
    private readonly KeyPair _keyPair;
    private readonly PublicKey _remote;
    private readonly FixedEntropy _ephemeral;
    private NoiseHandshake _handshake;
    private byte[] _payload = [];

    public InitiatorHandshake(KeyPair keyPair, PublicKey remote, IEntropy entropy)
    {
        _keyPair = keyPair;
        _remote = remote;
        _ephemeral = new FixedEntropy(entropy.Next32());
        _handshake = Begin();
    }

    /// <summary>The first Noise message, once its payload is known.</summary>
    public byte[]? Message { get; private set; }

    /// <summary>Computes what does not depend on the payload; false when the remote's key is no usable point.</summary>
    public bool TryPrepare() => Message is not null || _handshake.TryPrepare();

    /// <summary>The first Noise message; absent when the remote's key is no usable point.</summary>
    public byte[]? Offer(NoisePayload payload)
    {
        _payload = payload.Encode();
        return Message = Write();
    }

    /// <summary>What a relay has brought back; false when it is no answer of a server.</summary>
    public static bool TryRead(ReceivedReply reply, PeerAddress relay, [NotNullWhen(true)] out HandshakeMessage? message)
    {
        message = null;
        return reply.From == relay && reply.Error == DhtError.None && reply.Value is { } value
            && HandshakeMessage.TryDecode(value.Span, out message) && message.Mode == PeerRoutingMode.Reply;
    }

    /// <summary>A false reply does not spoil the handshake for the true one.</summary>
    public bool TryReceive(ReadOnlySpan<byte> message, [NotNullWhen(true)] out NoiseResult? result, out NoisePayload payload)
    {
        payload = new NoisePayload();
        result = null;
        if (Message is null || _handshake.Result is not null)
            return false;
        if (_handshake.TryReceive(message, out byte[] plain) && NoisePayload.TryDecode(plain, out payload))
        {
            result = _handshake.Result!;
            return true;
        }

        // The same ephemeral key gives the same message, so that a reply to an earlier copy still fits.
        _handshake = Begin();
        Write();
        return false;
    }

    private NoiseHandshake Begin() => NoiseHandshake.InitiateIK(_keyPair, _remote, HyperDhtNamespaces.PeerHandshake.Span, _ephemeral);

    private byte[]? Write() => _handshake.TryPrepare() && _handshake.TrySend(_payload, out byte[] message) ? message : null;

    private sealed class FixedEntropy(Bytes32 seed) : IEntropy
    {
        public void Fill(Span<byte> destination) => seed.Span[..destination.Length].CopyTo(destination);
    }
}
