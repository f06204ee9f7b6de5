using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Encrypted, framed messages over one ordered byte stream: raw bytes and plain messages in, effects out.</summary>
public sealed class SecretStreamMachine
{
    private const int HeaderFrameSize = Bytes32.Size + StreamCipher.HeaderSize;

    private readonly SecretStreamOptions _options;
    private readonly IEntropy _entropy;
    private readonly FrameReader _input = new();
    private readonly FrameWriter _output = new();
    private readonly Queue<SecretStreamEffect> _effects = new();
    private NoiseHandshake? _handshake;
    private StreamCipher? _encrypt;
    private StreamCipher? _decrypt;
    private UnorderedBox? _unordered;
    private List<ReadOnlyMemory<byte>>? _completed;
    private Memory<byte> _plainMemory;
    private SecretStreamFault? _readFault;
    private TimeSpan _lastWrite;
    private TimeSpan _lastReceived;

    /// <summary>Starts with the keys of a handshake made elsewhere, as every DHT connection does; writing may begin at once.</summary>
    public SecretStreamMachine(NoiseResult session, SecretStreamOptions options, IEntropy entropy, TimeSpan now)
    {
        (_options, _entropy, _lastWrite, _lastReceived) = (options, entropy, now, now);
        Open(session);
    }

    /// <summary>Makes the handshake in the first frames of the stream itself; writing may begin after <see cref="SecretStreamEffect.Opened"/>.</summary>
    public SecretStreamMachine(NoiseHandshake handshake, SecretStreamOptions options, IEntropy entropy, TimeSpan now)
    {
        (_options, _entropy, _handshake, _lastWrite, _lastReceived) = (options, entropy, handshake, now, now);
        if (!TryContinueHandshake(handshake))
            Fail(SecretStreamFault.HandshakeFailed);
    }

    /// <summary>The keys and identities, once they exist.</summary>
    public NoiseResult? Session { get; private set; }

    /// <summary>Set after a fault: nothing more goes in or out.</summary>
    public bool IsFaulted { get; private set; }

    /// <summary>Set once this side has ended its direction.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? keepAlive = _encrypt is null || IsFinished || IsFaulted ? null : _lastWrite + _options.KeepAlive;
            TimeSpan? timeout = IsFaulted ? null : _lastReceived + _options.Timeout;
            return keepAlive is null || timeout < keepAlive ? timeout : keepAlive;
        }
    }

    /// <summary>The next thing to do; bytes to send come before anything else, in buffers of whole frames.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SecretStreamEffect? effect)
    {
        if (_output.IsEmpty)
            return _effects.TryDequeue(out effect);
        effect = _output.Take();
        return true;
    }

    /// <summary>Encrypts one message; false when the stream is not open for writing.</summary>
    public bool Write(ReadOnlySpan<byte> plain, TimeSpan now)
    {
        if (plain.Length > SecretStreamOptions.LargestMessageLength)
            throw new ArgumentOutOfRangeException(nameof(plain), $"a message holds at most {SecretStreamOptions.LargestMessageLength} bytes");
        if (_encrypt is null || IsFinished || IsFaulted)
            return false;
        _output.Encrypted(_encrypt, plain);
        _lastWrite = now;
        return true;
    }

    /// <summary>Encrypts one message that may be lost or reordered; false when the stream is not open.</summary>
    public bool WriteUnordered(ReadOnlySpan<byte> plain)
    {
        if (_unordered is null || IsFinished || IsFaulted)
            return false;
        if (_unordered.Seal(plain) is { } envelope)
            _effects.Enqueue(new SecretStreamEffect.TransmitUnordered(envelope));
        else
            Fail(SecretStreamFault.NoncesExhausted);
        return !IsFaulted;
    }

    /// <summary>Ends this side's direction after everything written.</summary>
    public void Finish()
    {
        if (IsFinished || IsFaulted)
            return;
        IsFinished = true;
        _effects.Enqueue(new SecretStreamEffect.FinishTransmission());
    }

    /// <summary>Takes the next bytes of the raw stream, cut anywhere.</summary>
    public void HandleBytes(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        Read(bytes, now);
        Complete();
    }

    /// <summary>The same for bytes in several pieces: what all of them complete is reported as one.</summary>
    public void HandleBytes(IReadOnlyList<ReadOnlyMemory<byte>> pieces, TimeSpan now)
    {
        for (int i = 0; i < pieces.Count; i++)
            Read(pieces[i].Span, now);
        Complete();
    }

    /// <summary>Takes one message that arrived beside the stream; forged and early ones are dropped.</summary>
    public void HandleUnordered(ReadOnlySpan<byte> envelope)
    {
        if (!IsFaulted && _unordered?.Open(envelope) is { } plain)
            _effects.Enqueue(new SecretStreamEffect.UnorderedReceived(plain));
    }

    /// <summary>Takes the end of the raw stream.</summary>
    public void HandleEnd()
    {
        if (!IsFaulted)
            _effects.Enqueue(new SecretStreamEffect.RemoteEnded());
    }

    /// <summary>Sends a keep-alive or gives up, whichever is due.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        if (IsFaulted)
            return;
        if (_lastReceived + _options.Timeout <= now)
            Fail(SecretStreamFault.TimedOut);
        else if (_lastWrite + _options.KeepAlive <= now)
            Write([], now);
    }

    private void Read(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsFaulted || _readFault is not null)
            return;
        _lastReceived = now;
        while (_readFault is null && _input.TryRead(ref bytes, out ReadOnlySpan<byte> body, out Memory<byte> collected))
            _readFault = collected.IsEmpty ? HandleFrame(body, bytes.Length) : HandleCollected(collected);
        if (_readFault is null && _input.ExpectedLength is { } length)
            _readFault = CheckLength(length);
    }

    private void Complete()
    {
        if (_completed is { } messages)
            _effects.Enqueue(new SecretStreamEffect.MessagesReceived(messages));
        (_completed, _plainMemory) = (null, default);
        if (_readFault is { } reason && !IsFaulted)
            Fail(reason);
    }

    /// <summary>A frame in memory of its own is decrypted where it lies.</summary>
    private SecretStreamFault? HandleCollected(Memory<byte> body)
    {
        if (_decrypt is null || CheckLength(body.Length) is not null)
            return HandleFrame(body.Span, 0);
        Memory<byte> plain = body.Slice(1, body.Length - StreamCipher.Overhead);
        return _decrypt.TryPull(body.Span, plain.Span) ? Keep(plain) : SecretStreamFault.InvalidMessage;
    }

    private SecretStreamFault? HandleFrame(ReadOnlySpan<byte> body, int bytesBehind)
    {
        if (CheckLength(body.Length) is { } fault)
            return fault;
        if (_handshake is { } handshake)
            return handshake.TryReceive(body, out _) && TryContinueHandshake(handshake) ? null : SecretStreamFault.HandshakeFailed;
        return _decrypt is null ? HandleHeader(body) : HandleMessage(_decrypt, body, bytesBehind);
    }

    private SecretStreamFault? HandleHeader(ReadOnlySpan<byte> body)
    {
        Bytes32 expected = SessionConstants.StreamId(Session!.HandshakeHash, !Session.IsInitiator);
        if (!body[..Bytes32.Size].SequenceEqual(expected.Span))
            return SecretStreamFault.InvalidHeader;
        _decrypt = new StreamCipher(Session.Rx, body[Bytes32.Size..]);
        return null;
    }

    private SecretStreamFault? HandleMessage(StreamCipher decrypt, ReadOnlySpan<byte> body, int bytesBehind)
    {
        int length = body.Length - StreamCipher.Overhead;
        if (_plainMemory.Length < length)
            _plainMemory = GC.AllocateUninitializedArray<byte>(Math.Max(length, Math.Min(length + bytesBehind, FrameWriter.LongestChunk)));
        if (!decrypt.TryPull(body, _plainMemory.Span[..length]))
            return SecretStreamFault.InvalidMessage;
        Memory<byte> plain = _plainMemory[..length];
        _plainMemory = _plainMemory[length..];
        return Keep(plain);
    }

    private SecretStreamFault? Keep(Memory<byte> plain)
    {
        if (plain.Length > 0 || _options.KeepAlive is null)
            (_completed ??= []).Add(plain);
        return null;
    }

    // An impossible length is refused before its bytes arrive.
    private SecretStreamFault? CheckLength(int length) => (_handshake, _decrypt) switch
    {
        ({ }, _) => length is > 0 and <= NoiseHandshake.MaxMessageLength ? null : SecretStreamFault.HandshakeFailed,
        (_, null) => length == HeaderFrameSize ? null : SecretStreamFault.InvalidHeader,
        _ => length >= StreamCipher.Overhead && length - StreamCipher.Overhead <= _options.MaxMessageLength ? null : SecretStreamFault.InvalidMessage,
    };

    private bool TryContinueHandshake(NoiseHandshake handshake)
    {
        if (handshake.IsSendersTurn)
        {
            if (!handshake.TrySend([], out byte[] message))
                return false;
            _output.Plain(message);
        }

        if (handshake.Result is { } session)
        {
            _handshake = null;
            Open(session);
        }

        return true;
    }

    private void Open(NoiseResult session)
    {
        Session = session;
        Span<byte> header = stackalloc byte[StreamCipher.HeaderSize];
        _entropy.Fill(header);
        Bytes32 id = SessionConstants.StreamId(session.HandshakeHash, session.IsInitiator);
        _output.Plain(id.Span, header);
        _encrypt = new StreamCipher(session.Tx, header);
        _unordered = new UnorderedBox(session, _entropy);
        _effects.Enqueue(new SecretStreamEffect.Opened(session));
    }

    private void Fail(SecretStreamFault fault)
    {
        IsFaulted = true;
        _effects.Enqueue(new SecretStreamEffect.Faulted(fault));
    }
}
