using Akka.Actor;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>Those who wait for something of a raw stream: for bytes, for a message, for leave to write on, for the end.</summary>
internal sealed class RawStreamUsers(RawStreamMachine machine, IActorRef owner)
{
    private readonly List<IActorRef> _awaitingEnd = [owner];
    private readonly Queue<(IActorRef Writer, long Tag)> _writers = new();
    private IActorRef? _reader;
    private IActorRef? _messageReader;

    public void Write(RawStreamProtocol.Write write, IActorRef writer, TimeSpan now)
    {
        switch (machine.Write(write.Bytes, now))
        {
            case WriteResult.Taken:
                writer.Tell(new RawStreamProtocol.Written(write.Tag));
                break;
            case WriteResult.Waits:
                _writers.Enqueue((writer, write.Tag));
                break;
            case WriteResult.Refused:
                writer.Tell(new RawStreamProtocol.WriteFailed(write.Tag));
                break;
        }
    }

    public void ResumeWriters()
    {
        while (_writers.TryDequeue(out (IActorRef Writer, long Tag) next))
            next.Writer.Tell(new RawStreamProtocol.Written(next.Tag));
    }

    /// <summary>Whoever reads last is the one who waits.</summary>
    public void Read(IActorRef reader) => _reader = reader;

    /// <inheritdoc cref="Read"/>
    public void ReadMessage(IActorRef reader) => _messageReader = reader;

    public void AwaitEnd(IActorRef hearer)
    {
        if (!_awaitingEnd.Contains(hearer))
            _awaitingEnd.Add(hearer);
    }

    /// <summary>Gives readers what there is for them; true when bytes were read.</summary>
    public bool Serve(TimeSpan now)
    {
        if (_messageReader is { } messageReader && machine.TryReadMessage(out ReadOnlyMemory<byte> message))
        {
            _messageReader = null;
            messageReader.Tell(new RawStreamProtocol.MessageReceived(message));
        }

        if (_reader is not { } reader)
            return false;
        bool hasRead = machine.TryRead(out ReadOnlyMemory<byte> bytes, now);
        if (!hasRead && !machine.IsReadToEnd)
            return false;
        _reader = null;
        reader.Tell(hasRead ? new RawStreamProtocol.Received(bytes) : RawStreamProtocol.RemoteEnded.Instance);
        return hasRead;
    }

    /// <summary>The stream is over: each who waits hears of it once, writers under each tag.</summary>
    public void TellClosed(RawStreamProtocol.Closed closed)
    {
        while (_writers.TryDequeue(out (IActorRef Writer, long Tag) next))
            next.Writer.Tell(new RawStreamProtocol.WriteFailed(next.Tag));
        foreach (IActorRef reader in new[] { _reader, _messageReader }.OfType<IActorRef>())
            AwaitEnd(reader);
        foreach (IActorRef hearer in _awaitingEnd)
            hearer.Tell(closed);
    }
}
