using Akka.Actor;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A read as a task; when it is given up the core forgets who waited, and peers are asked no more for it.</summary>
internal static class ReadClient
{
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    internal static async Task<object> AskAsync(IActorRef core, CoreProtocol.IQuery query, TimeSpan timeout, CancellationToken cancellation)
    {
        Task<object> answer = Ask(core, query, timeout, cancellation, out IActorRef asker);
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (AskTimeoutException late)
        {
            core.Tell(new CoreProtocol.CancelGet(query.Request), asker);
            throw new TimeoutException($"nothing came within {timeout.TotalSeconds:0.###} s", late);
        }
        catch (OperationCanceledException)
        {
            core.Tell(new CoreProtocol.CancelGet(query.Request), asker);
            throw;
        }
    }

    /// <summary>Asks, and tells who is answered: what was asked can be taken back in that name.</summary>
    internal static Task<object> Ask(
        IActorRef core, CoreProtocol.IQuery query, TimeSpan timeout, CancellationToken cancellation, out IActorRef asker)
    {
        IActorRef answered = ActorRefs.Nobody;
        Task<object> answer = core.Ask<object>(
            reply =>
            {
                answered = reply;
                return query;
            },
            timeout,
            cancellation);
        asker = answered;
        return answer;
    }
}
