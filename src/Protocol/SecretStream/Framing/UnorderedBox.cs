using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Envelopes of unordered messages: an 8-byte counter, then a secretbox. The receiver keeps no order and no replay window.</summary>
internal sealed class UnorderedBox
{
    private const int CounterSize = 8;

    private readonly Bytes32 _sendKey;
    private readonly Bytes32 _receiveKey;
    private readonly ulong _firstCounter;
    private ulong _counter;

    internal UnorderedBox(NoiseResult session, IEntropy entropy)
    {
        _sendKey = SessionConstants.SendKey(session.HandshakeHash, session.IsInitiator);
        _receiveKey = SessionConstants.SendKey(session.HandshakeHash, !session.IsInitiator);
        _counter = _firstCounter = entropy.NextUInt64();
    }

    /// <summary>Null when every counter has been used.</summary>
    internal byte[]? Seal(ReadOnlySpan<byte> plain)
    {
        if (++_counter == _firstCounter)
            return null;
        byte[] envelope = new byte[CounterSize + SecretBox.TagSize + plain.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(envelope, _counter);
        SecretBox.Seal(_sendKey, Nonce(envelope, stackalloc byte[SecretBox.NonceSize]), plain, envelope.AsSpan(CounterSize));
        return envelope;
    }

    /// <summary>Null for an envelope that the remote did not make.</summary>
    internal byte[]? Open(ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < CounterSize + SecretBox.TagSize)
            return null;
        byte[] plain = new byte[envelope.Length - CounterSize - SecretBox.TagSize];
        return SecretBox.TryOpen(_receiveKey, Nonce(envelope, stackalloc byte[SecretBox.NonceSize]), envelope[CounterSize..], plain) ? plain : null;
    }

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> envelope, Span<byte> nonce)
    {
        nonce.Clear();
        envelope[..CounterSize].CopyTo(nonce);
        return nonce;
    }
}
