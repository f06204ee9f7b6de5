using Akka.Actor;

namespace Hyper.Actors.Networking.RawStreams;

/// <summary>A raw stream for commands and tests, which wait for answers: one reader and one writer at a time.</summary>
public sealed class RawStreamClient
{
    /// <summary>Longer writes leave in pieces, each when there is room for it.</summary>
    private const int PieceBytes = 256 * 1024;

    private long _tag;

    /// <param name="stream">The stream's actor.</param>
    /// <param name="id">The stream's.</param>
    public RawStreamClient(IActorRef stream, uint id)
    {
        (Stream, Id) = (stream, id);
        Closed = stream.Ask<RawStreamProtocol.Closed>(RawStreamProtocol.AwaitEnd.Instance, Timeout.InfiniteTimeSpan);
    }

    public IActorRef Stream { get; }

    /// <summary>What the remote end must be told to connect its own stream to.</summary>
    public uint Id { get; }

    /// <summary>Says why when the stream is over.</summary>
    public Task<RawStreamProtocol.Closed> Closed { get; }

    /// <inheritdoc cref="RawStreamProtocol.Connect"/>
    public void Connect(uint remoteId) => Stream.Tell(new RawStreamProtocol.Connect(remoteId));

    /// <summary>Ends when more may be written; false when not all was, and the stream takes nothing any more.</summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PieceBytes)
        {
            RawStreamProtocol.Write write = new(++_tag, bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at)));
            if (await AskAsync<RawStreamProtocol.IWriteOutcome>(write).ConfigureAwait(false) is not RawStreamProtocol.Written)
                return false;
        }

        return true;
    }

    /// <summary>The next bytes, as many as have arrived; nothing when no more will come.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync()
        => await AskAsync<RawStreamProtocol.IReadOutcome>(RawStreamProtocol.Read.Instance).ConfigureAwait(false)
            is RawStreamProtocol.Received received ? received.Bytes : default(ReadOnlyMemory<byte>?);

    /// <summary>The next unordered message; nothing when no more will come.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadMessageAsync()
        => await AskAsync<RawStreamProtocol.IReadOutcome>(RawStreamProtocol.ReadMessage.Instance).ConfigureAwait(false)
            is RawStreamProtocol.MessageReceived received ? received.Message : default(ReadOnlyMemory<byte>?);

    /// <inheritdoc cref="RawStreamProtocol.Send"/>
    public void Send(ReadOnlyMemory<byte> message) => Stream.Tell(new RawStreamProtocol.Send(message));

    /// <inheritdoc cref="RawStreamProtocol.End"/>
    public void End() => Stream.Tell(RawStreamProtocol.End.Instance);

    /// <inheritdoc cref="RawStreamProtocol.Destroy"/>
    public Task<RawStreamProtocol.Closed> DestroyAsync()
    {
        Stream.Tell(RawStreamProtocol.Destroy.Instance);
        return Closed;
    }

    public Task<RawStreamProtocol.Traffic?> GetTrafficAsync() => AskAsync<RawStreamProtocol.Traffic>(new RawStreamProtocol.GetTraffic());

    // A stream that has stopped answers nothing.
    private async Task<TAnswer?> AskAsync<TAnswer>(object question)
        where TAnswer : class
    {
        if (Closed.IsCompleted)
            return null;
        using CancellationTokenSource given = new();
        Task<TAnswer> answer = Stream.Ask<TAnswer>(question, given.Token);
        if (await Task.WhenAny(answer, Closed).ConfigureAwait(false) != answer && !answer.IsCompleted)
        {
            await given.CancelAsync().ConfigureAwait(false);
            return null;
        }

        return await answer.ConfigureAwait(false);
    }
}
