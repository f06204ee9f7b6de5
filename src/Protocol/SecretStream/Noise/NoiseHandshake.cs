using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>One side of a Noise handshake over Ed25519: messages go out and come in by turns until <see cref="Result"/> is there.</summary>
public sealed class NoiseHandshake
{
    /// <summary>Noise's own limit for one message.</summary>
    public const int MaxMessageLength = 65535;

    // Holds the keys of a message and a payload of the DHT; longer ones make the writer grow.
    private const int MessageCapacity = 256;

    private static readonly NoiseToken[][] IkMessages =
    [
        [NoiseToken.Ephemeral, NoiseToken.EphemeralStatic, NoiseToken.Static, NoiseToken.StaticStatic],
        [NoiseToken.Ephemeral, NoiseToken.EphemeralEphemeral, NoiseToken.StaticEphemeral],
    ];

    private static readonly NoiseToken[][] XxMessages =
    [
        [NoiseToken.Ephemeral],
        [NoiseToken.Ephemeral, NoiseToken.EphemeralEphemeral, NoiseToken.Static, NoiseToken.EphemeralStatic],
        [NoiseToken.Static, NoiseToken.StaticEphemeral],
    ];

    private readonly NoiseToken[][] _messages;
    private readonly SymmetricState _state;
    private readonly KeyPair _static;
    private readonly IEntropy _entropy;
    private readonly bool _isInitiator;
    private KeyPair? _ephemeral;
    private PublicKey? _remoteStatic;
    private PublicKey? _remoteEphemeral;
    private CompactWriter? _prepared;
    private int _next;

    private NoiseHandshake(NoisePattern pattern, KeyPair keyPair, PublicKey? remote, ReadOnlySpan<byte> prologue, IEntropy entropy, bool initiator)
    {
        _messages = pattern == NoisePattern.IK ? IkMessages : XxMessages;
        _state = new SymmetricState(pattern, prologue);
        (_static, _remoteStatic, _entropy, _isInitiator) = (keyPair, remote, entropy, initiator);
        if (pattern == NoisePattern.IK)
            _state.MixHash((initiator ? remote!.Value : keyPair.PublicKey).Value.Span);
    }

    /// <summary>There once the last message was sent or received.</summary>
    public NoiseResult? Result { get; private set; }

    /// <summary>Set for good after a message that does not belong to this handshake.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>Whether this side has the next word.</summary>
    public bool IsSendersTurn => Result is null && !IsFailed && _next % 2 == 0 == _isInitiator;

    /// <summary>Known from the start by the initiator of IK, otherwise from the message that carries it.</summary>
    public PublicKey? RemotePublicKey => _remoteStatic;

    internal SymmetricState State => _state;

    /// <summary>The side that speaks first and already knows whom it speaks to.</summary>
    public static NoiseHandshake InitiateIK(KeyPair keyPair, PublicKey remote, ReadOnlySpan<byte> prologue, IEntropy entropy)
        => new(NoisePattern.IK, keyPair, remote, prologue, entropy, initiator: true);

    /// <summary>The side that is known to the other.</summary>
    public static NoiseHandshake RespondIK(KeyPair keyPair, ReadOnlySpan<byte> prologue, IEntropy entropy)
        => new(NoisePattern.IK, keyPair, null, prologue, entropy, initiator: false);

    /// <summary>The side that speaks first, to a stranger.</summary>
    public static NoiseHandshake InitiateXX(KeyPair keyPair, ReadOnlySpan<byte> prologue, IEntropy entropy)
        => new(NoisePattern.XX, keyPair, null, prologue, entropy, initiator: true);

    /// <summary>The side that a stranger speaks to.</summary>
    public static NoiseHandshake RespondXX(KeyPair keyPair, ReadOnlySpan<byte> prologue, IEntropy entropy)
        => new(NoisePattern.XX, keyPair, null, prologue, entropy, initiator: false);

    /// <summary>The next message; throws when the remote key is no usable point (see <see cref="TrySend"/>) or it is not this side's turn.</summary>
    public byte[] Send(ReadOnlySpan<byte> payload)
        => TrySend(payload, out byte[] message) ? message : throw new InvalidOperationException("the remote public key is not a usable point");

    /// <summary>The next message; false when a key of the remote turns out not to be a usable point, which ends the handshake.</summary>
    public bool TrySend(ReadOnlySpan<byte> payload, out byte[] message)
    {
        if (!IsSendersTurn)
            throw new InvalidOperationException("it is not this side's turn in the handshake");
        message = [];
        if (!TryPrepare())
            return false;
        CompactWriter writer = _prepared!;
        _prepared = null;
        _state.EncryptAndHash(payload, writer.Reserve(payload.Length + _state.Overhead));
        if (writer.Length > MaxMessageLength)
            throw new ArgumentException($"a handshake message holds at most {MaxMessageLength} bytes", nameof(payload));
        message = writer.ToArray();
        Advance();
        return true;
    }

    /// <summary>Computes the agreements of the next message, which take most of its time, before its payload is known.</summary>
    /// <returns>False for the reason of <see cref="TrySend"/>, or when it is not this side's turn.</returns>
    public bool TryPrepare()
    {
        if (!IsSendersTurn)
            return false;
        if (_prepared is not null)
            return true;
        CompactWriter writer = new(MessageCapacity);
        foreach (NoiseToken token in _messages[_next])
        {
            if (!TryWrite(token, writer))
                return Fail();
        }

        _prepared = writer;
        return true;
    }

    /// <summary>Takes the remote's next message; false when it is not one, and then the handshake is over.</summary>
    public bool TryReceive(ReadOnlySpan<byte> message, out byte[] payload)
    {
        payload = [];
        if (Result is not null || IsFailed || IsSendersTurn || message.Length > MaxMessageLength)
            return Fail();
        CompactReader reader = new(message);
        foreach (NoiseToken token in _messages[_next])
        {
            if (!TryRead(token, ref reader))
                return Fail();
        }

        ReadOnlySpan<byte> cipher = reader.TakeRemaining();
        if (cipher.Length < _state.Overhead)
            return Fail();
        byte[] plain = new byte[cipher.Length - _state.Overhead];
        if (!_state.TryDecryptAndHash(cipher, plain))
            return Fail();
        payload = plain;
        Advance();
        return true;
    }

    private bool TryWrite(NoiseToken token, CompactWriter writer)
    {
        switch (token)
        {
            case NoiseToken.Ephemeral:
                _ephemeral = KeyPair.Generate(_entropy);
                writer.Fixed32(_ephemeral.PublicKey.Value);
                _state.MixHash(_ephemeral.PublicKey.Value.Span);
                return true;
            case NoiseToken.Static:
                _state.EncryptAndHash(_static.PublicKey.Value.Span, writer.Reserve(Bytes32.Size + _state.Overhead));
                return true;
            default:
                return TryMixAgreement(token);
        }
    }

    private bool TryRead(NoiseToken token, ref CompactReader reader)
    {
        switch (token)
        {
            case NoiseToken.Ephemeral:
                if (!reader.TryFixed32(out Bytes32 ephemeral))
                    return false;
                _remoteEphemeral = new PublicKey(ephemeral);
                _state.MixHash(ephemeral.Span);
                return true;
            case NoiseToken.Static:
                Span<byte> key = stackalloc byte[Bytes32.Size];
                if (!reader.TryRaw(Bytes32.Size + _state.Overhead, out ReadOnlySpan<byte> cipher) || !_state.TryDecryptAndHash(cipher, key))
                    return false;
                _remoteStatic = new PublicKey(new Bytes32(key));
                return true;
            default:
                return TryMixAgreement(token);
        }
    }

    // The first word of a token is the initiator's key, the second the responder's.
    private bool TryMixAgreement(NoiseToken token)
    {
        bool localStatic = token == NoiseToken.StaticStatic || token == (_isInitiator ? NoiseToken.StaticEphemeral : NoiseToken.EphemeralStatic);
        bool remoteStatic = token == NoiseToken.StaticStatic || token == (_isInitiator ? NoiseToken.EphemeralStatic : NoiseToken.StaticEphemeral);
        KeyPair local = localStatic ? _static : _ephemeral!;
        PublicKey remote = (remoteStatic ? _remoteStatic : _remoteEphemeral)!.Value;
        if (!Ed25519.TryAgree(local, remote, out Bytes32 shared))
            return false;
        _state.MixKey(shared);
        return true;
    }

    private void Advance()
    {
        _next++;
        if (_next < _messages.Length)
            return;
        (Bytes32 first, Bytes32 second) = _state.Split();
        (Bytes32 tx, Bytes32 rx) = _isInitiator ? (first, second) : (second, first);
        Result = new NoiseResult(tx, rx, _state.Hash.ToArray(), _static.PublicKey, _remoteStatic!.Value, _isInitiator);
        _ephemeral = null;
    }

    private bool Fail()
    {
        IsFailed = Result is null;
        return false;
    }
}
