using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>A corestore actor as tasks, for the command line and tests.</summary>
/// <param name="store">The actor.</param>
/// <param name="session">An actor that the sessions belong to: they end with it.</param>
/// <param name="timeout">Of every answer.</param>
public sealed class CorestoreClient(IActorRef store, IActorRef session, TimeSpan timeout)
{
    /// <summary>Our own core of that name.</summary>
    public Task<CoreClient> GetAsync(string name, StoreNamespace space = default)
        => OpenAsync(request => new CorestoreProtocol.OpenNamed(request, name, space));

    public Task<CoreClient> GetAsync(CoreKey key) => OpenAsync(request => new CorestoreProtocol.OpenCore(request, CoreIdentity.ForReader(key)));

    public Task<CoreClient> GetAsync(DiscoveryKey key) => OpenAsync(request => new CorestoreProtocol.OpenStored(request, key));

    private async Task<CoreClient> OpenAsync(Func<long, CorestoreProtocol.ICommand> order)
        => await session.Ask<object>(new SessionHolderActor.Relay(store, order), timeout).ConfigureAwait(false) switch
        {
            CorestoreProtocol.Opened opened => new CoreClient(opened.Core, timeout),
            CorestoreProtocol.Failed failed => throw new CoreFailedException(failed.Problem, failed.Reason),
            object other => throw new InvalidOperationException($"the store answered {other.GetType().Name}"),
        };
}
