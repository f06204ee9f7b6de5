using Akka.Actor;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A read as a task; when it is given up the core forgets who waited, and peers are asked no more for it.</summary>
internal static class ReadClient
{
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    internal static async Task<object> AskAsync(IActorRef core, CoreProtocol.IQuery query, TimeSpan timeout, CancellationToken cancellation)
    {
        IActorRef asker = ActorRefs.Nobody;
        try
        {
            return await core.Ask<object>(
                reply =>
                {
                    asker = reply;
                    return query;
                },
                timeout,
                cancellation).ConfigureAwait(false);
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
}
