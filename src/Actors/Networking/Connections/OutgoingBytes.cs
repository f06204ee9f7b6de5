using System.Buffers;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>
/// What a connection writes to its stream. Where the user speaks at once, the first bytes are kept for a moment, so that they leave in one
/// packet with the first messages, as upstream's do.
/// </summary>
internal sealed class OutgoingBytes(ConnectionOptions options, UdxStreamMachine stream, Queue<ConnectionEffect> effects)
{
    /// <summary>More than this leaves in several packets anyway.</summary>
    private const int MaxKeptBytes = 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private bool _isKeeping;

    /// <summary>When bytes that are kept leave at the latest.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>More waits than the remote end takes.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The user has said something: nothing more is waited for.</summary>
    public bool HasSpoken { get; set; }

    /// <summary>Bytes wait from here on.</summary>
    public void Keep() => _isKeeping = true;

    /// <summary>Bytes could leave from here on.</summary>
    public void HandleConnected(TimeSpan now) => Deadline = _isKeeping ? now + options.FirstPacketPatience : null;

    /// <summary>False when so much waits for a remote end that takes none that the connection must end.</summary>
    /// <param name="bytes">Whole frames.</param>
    /// <param name="owner">Of their memory, which it has back when they are needed no more.</param>
    /// <param name="now">The time.</param>
    public bool TryWrite(ReadOnlyMemory<byte> bytes, IDisposable owner, TimeSpan now)
    {
        if (_isKeeping && _kept.WrittenCount + bytes.Length <= MaxKeptBytes)
        {
            _kept.Write(bytes.Span);
            owner.Dispose();
            return true;
        }

        LetGo(now);
        if (stream.Write(bytes, owner, now) || stream.IsClosed)
            return true;
        if (!IsPaused)
            effects.Enqueue(new ConnectionEffect.WritingPaused());
        IsPaused = true;
        return stream.QueuedBytes <= options.MaxQueuedBytes;
    }

    /// <summary>Nothing is kept any more.</summary>
    public void LetGo(TimeSpan now)
    {
        if (!_isKeeping)
            return;
        (_isKeeping, Deadline) = (false, null);
        stream.Write(_kept.WrittenSpan, now);
    }

    /// <summary>Lets go when there is no reason to wait any longer.</summary>
    public void LetGoWhenDue(TimeSpan now)
    {
        if (HasSpoken || Deadline <= now)
            LetGo(now);
    }

    /// <summary>The stream takes more.</summary>
    public void HandleDrained()
    {
        if (IsPaused)
            effects.Enqueue(new ConnectionEffect.WritingResumed());
        IsPaused = false;
    }
}
