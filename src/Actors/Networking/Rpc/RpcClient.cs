using Akka.Actor;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>A client with a connection of its own, for commands and tests, which wait for answers.</summary>
public sealed class RpcClient
{
    // The answer to a call is due at its own timeout; the question is only given up when that has failed.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(5);

    // The answer that the client gave before it ended may come to us after the news of its end.
    private static readonly TimeSpan LastAnswerGrace = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _timeout;
    private long _lastRequest;

    /// <param name="client">A <see cref="RpcClientActor"/>.</param>
    /// <param name="timeout">How long an answer may take.</param>
    public RpcClient(IActorRef client, TimeSpan timeout)
    {
        (Client, _timeout) = (client, timeout);
        Closed = client.WatchAsync();
    }

    public IActorRef Client { get; }

    /// <summary>Ends with the connection.</summary>
    public Task Closed { get; }

    /// <summary><see cref="RpcSessionProtocol.Replied"/> or <see cref="RpcSessionProtocol.Failed"/>, which is also said once the connection is over.</summary>
    public async Task<RpcSessionProtocol.IEvent> CallAsync(RpcMethod method, ReadOnlyMemory<byte> value)
    {
        long request = Interlocked.Increment(ref _lastRequest);
        RpcSessionProtocol.Failed isClosed = new(request, RpcError.ChannelClosed("the client is closed"));
        if (Closed.IsCompleted)
            return isClosed;
        Task<RpcSessionProtocol.IEvent> answer = Client.Ask<RpcSessionProtocol.IEvent>(
            new RpcSessionProtocol.Call(request, method, value, _timeout), _timeout + AnswerGrace);
        if (await Task.WhenAny(answer, Closed).ConfigureAwait(false) == answer)
            return await answer.ConfigureAwait(false);
        try
        {
            return await answer.WaitAsync(LastAnswerGrace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return isClosed;
        }
    }

    /// <summary>Tells the server something that it does not answer.</summary>
    public void SendEvent(RpcMethod method, ReadOnlyMemory<byte> value) => Client.Tell(new RpcSessionProtocol.SendEvent(method, value));

    /// <summary>Waits for the calls of both sides and ends the connection.</summary>
    public Task EndAsync()
    {
        Client.Tell(RpcSessionProtocol.End.Instance);
        return Closed.WaitAsync(_timeout);
    }

    /// <summary>Fails the calls that are out and ends the connection.</summary>
    public Task DestroyAsync()
    {
        Client.Tell(RpcSessionProtocol.Destroy.Instance);
        return Closed.WaitAsync(_timeout);
    }
}
