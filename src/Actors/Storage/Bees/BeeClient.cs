using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>A bee actor as tasks, for the command line and tests; keys and values as UTF-8 text.</summary>
public sealed class BeeClient(IActorRef bee, TimeSpan timeout)
{
    public async Task<BeeEntry?> GetAsync(string key, long? version = null)
        => (await AskAsync<BeeProtocol.Entry>(new BeeProtocol.Get(0, Bytes(key), version)).ConfigureAwait(false)).Found;

    public async Task<ImmutableArray<BeeEntry>> ListAsync(BeeRange? range = null, long? version = null)
        => (await AskAsync<BeeProtocol.Entries>(new BeeProtocol.GetRange(0, range ?? BeeRange.All, version)).ConfigureAwait(false)).Found;

    public async Task<ImmutableArray<BeeChange>> HistoryAsync(long from = 1)
        => (await AskAsync<BeeProtocol.History>(new BeeProtocol.GetHistory(0, from)).ConfigureAwait(false)).Found;

    /// <summary>The version that holds the value.</summary>
    public Task<long> PutAsync(string key, string value) => WriteAsync(new BeeEdit(Bytes(key), Bytes(value)));

    /// <summary>The version without the key.</summary>
    public Task<long> DeleteAsync(string key) => WriteAsync(new BeeEdit(Bytes(key), null, IsDeletion: true));

    /// <summary>Writes all changes as one batch.</summary>
    public async Task<long> WriteAsync(params ImmutableArray<BeeEdit> changes)
        => (await AskAsync<BeeProtocol.Written>(new BeeProtocol.Write(0, changes)).ConfigureAwait(false)).Version;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<T> AskAsync<T>(object message)
        => await bee.Ask<object>(message, timeout).ConfigureAwait(false) switch
        {
            T expected => expected,
            BeeProtocol.Failed failed => throw new BeeFailedException(failed.Problem, failed.Reason),
            object other => throw new InvalidOperationException($"the bee answered {other.GetType().Name}"),
        };
}

/// <summary>A bee said no.</summary>
public sealed class BeeFailedException(BeeProblem problem, string reason) : Exception(reason)
{
    public BeeProblem Problem => problem;
}
