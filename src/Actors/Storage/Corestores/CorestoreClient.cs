using System.Collections.Immutable;
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
    public Task<CoreClient> GetAsync(string name, StoreNamespace space = default, SessionTerms? terms = null)
        => OpenAsync(request => new CorestoreProtocol.OpenNamed(request, name, space) { Terms = terms ?? SessionTerms.Default });

    public Task<CoreClient> GetAsync(CoreKey key, SessionTerms? terms = null) => GetAsync(CoreIdentity.ForReader(key), terms);

    /// <summary>A core that we write, or that has rules of its own.</summary>
    public Task<CoreClient> GetAsync(CoreIdentity identity, SessionTerms? terms = null)
        => OpenAsync(request => new CorestoreProtocol.OpenCore(request, identity) { Terms = terms ?? SessionTerms.Default });

    public Task<CoreClient> GetAsync(DiscoveryKey key, SessionTerms? terms = null)
        => OpenAsync(request => new CorestoreProtocol.OpenStored(request, key) { Terms = terms ?? SessionTerms.Default });

    /// <summary>Which cores are stored, open or not.</summary>
    /// <param name="space">Those only whose names are of that namespace.</param>
    public async Task<ImmutableArray<DiscoveryKey>> ListAsync(StoreNamespace? space = null)
        => Expect<CorestoreProtocol.Cores>(await store.Ask<object>(new CorestoreProtocol.ListCores(0, space), timeout).ConfigureAwait(false)).Keys;

    /// <summary>What a stored core says of itself without being opened; null when the store does not hold it.</summary>
    public async Task<CoreIdentity?> GetIdentityAsync(DiscoveryKey key)
        => Expect<CorestoreProtocol.Identity>(await store.Ask<object>(new CorestoreProtocol.GetIdentity(0, key), timeout).ConfigureAwait(false)).Core;

    /// <summary>Updates of all cores of this client wait for the first peer, until as many searches have ended as were begun.</summary>
    public async Task BeginFindingPeersAsync()
        => Expect<CorestoreProtocol.FindingPeers>(await RelayAsync(request => new CorestoreProtocol.BeginFindingPeers(request)).ConfigureAwait(false));

    public async Task EndFindingPeersAsync()
        => Expect<CorestoreProtocol.FindingPeersEnded>(await RelayAsync(request => new CorestoreProtocol.EndFindingPeers(request)).ConfigureAwait(false));

    /// <summary>Deletes the files of a core that nobody has open.</summary>
    public async Task PurgeAsync(DiscoveryKey key)
        => Expect<CorestoreProtocol.Purged>(await store.Ask<object>(new CorestoreProtocol.Purge(0, key), timeout).ConfigureAwait(false));

    /// <summary>Looks through every stored core, one after the other: the first fault of each, null where there is none.</summary>
    public async IAsyncEnumerable<(DiscoveryKey Key, string? Fault)> AuditAsync()
    {
        foreach (DiscoveryKey key in await ListAsync().ConfigureAwait(false))
        {
            string? fault;
            try
            {
                CoreClient core = await GetAsync(key).ConfigureAwait(false);
                fault = await core.AuditAsync().ConfigureAwait(false);
                await CloseAsync(key).ConfigureAwait(false);
            }
            catch (CoreFailedException failed)
            {
                fault = failed.Message;
            }

            yield return (key, fault);
        }
    }

    /// <summary>Ends one session.</summary>
    public async Task CloseAsync(DiscoveryKey key, bool isActive = true)
        => Expect<CorestoreProtocol.SessionClosed>(await RelayAsync(
            request => new CorestoreProtocol.CloseSession(request, key) { IsActive = isActive }).ConfigureAwait(false));

    private async Task<CoreClient> OpenAsync(Func<long, CorestoreProtocol.ICommand> order)
        => new(Expect<CorestoreProtocol.Opened>(await RelayAsync(order).ConfigureAwait(false)).Core, timeout);

    private Task<object> RelayAsync(Func<long, CorestoreProtocol.ICommand> order)
        => session.Ask<object>(new SessionHolderActor.Relay(store, order), timeout);

    private static T Expect<T>(object answer) => answer switch
    {
        T expected => expected,
        CorestoreProtocol.Failed failed => throw new CoreFailedException(failed.Problem, failed.Reason),
        _ => throw new InvalidOperationException($"the store answered {answer.GetType().Name}"),
    };
}
