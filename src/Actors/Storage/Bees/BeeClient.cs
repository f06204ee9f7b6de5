using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace Hyper.Actors.Storage.Bees;

/// <summary>A bee actor as tasks, for the command line and tests; keys and values as UTF-8 text.</summary>
public sealed class BeeClient(IActorRef bee, TimeSpan timeout)
{
    public Task<BeeEntry?> GetAsync(string key, long? version = null) => GetAsync((ReadOnlyMemory<byte>)Bytes(key), version);

    /// <param name="key">Encoded key.</param>
    /// <param name="version">The newest when null.</param>
    public async Task<BeeEntry?> GetAsync(ReadOnlyMemory<byte> key, long? version = null)
        => (await AskAsync<BeeProtocol.Entry>(new BeeProtocol.Get(0, key, version)).ConfigureAwait(false)).Found;

    public async Task<ImmutableArray<BeeEntry>> ListAsync(BeeRange? range = null, long? version = null)
        => (await AskAsync<BeeProtocol.Entries>(new BeeProtocol.GetRange(0, range ?? BeeRange.All, version)).ConfigureAwait(false)).Found;

    /// <summary>The first entry of a range, or the last one of a reversed range.</summary>
    public async Task<BeeEntry?> PeekAsync(BeeRange range, long? version = null)
        => (await ListAsync(range with { Limit = 1 }, version).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>What a block of the core put or deleted.</summary>
    public async Task<BeeChange?> GetBySequenceAsync(long sequence)
        => sequence < 1 ? null : (await HistoryAsync(sequence, sequence + 1).ConfigureAwait(false)).FirstOrDefault();

    public async Task<ImmutableArray<BeeChange>> HistoryAsync(long from = 1, long? to = null, bool reverse = false, int? limit = null)
        => (await AskAsync<BeeProtocol.History>(new BeeProtocol.GetHistory(0, from, to, reverse, limit)).ConfigureAwait(false)).Found;

    /// <summary>The next changes, as soon as there are any; or how far the core was cut instead.</summary>
    public async Task<BeeProtocol.History> FollowAsync(long from, int limit, CancellationToken cancellation)
        => await bee.Ask<object>(new BeeProtocol.GetHistory(0, from, Limit: limit) { Waits = true }, Timeout.InfiniteTimeSpan, cancellation)
            .ConfigureAwait(false) switch
        {
            BeeProtocol.History next => next,
            object other => throw Unexpected(other),
        };

    /// <summary>What the left version, the newest when null, holds otherwise than the right one.</summary>
    public async Task<ImmutableArray<BeeDifference>> DiffAsync(long right, long? left = null, BeeRange? range = null)
        => (await AskAsync<BeeProtocol.Differences>(new BeeProtocol.GetDifferences(0, right, left, range)).ConfigureAwait(false)).Found;

    /// <summary>The version that holds the value.</summary>
    public Task<long> PutAsync(string key, string value, WriteCondition? condition = null)
        => WriteAsync(new BeeEdit(Bytes(key), Bytes(value)) { Condition = condition });

    /// <summary>The version without the key.</summary>
    public Task<long> DeleteAsync(string key, WriteCondition? condition = null)
        => WriteAsync(new BeeEdit(Bytes(key), null, IsDeletion: true) { Condition = condition });

    /// <summary>Writes all changes as one batch.</summary>
    public async Task<long> WriteAsync(params ImmutableArray<BeeEdit> changes)
        => (await AskAsync<BeeProtocol.Written>(new BeeProtocol.Write(0, changes)).ConfigureAwait(false)).Version;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<T> AskAsync<T>(object message)
        => await bee.Ask<object>(message, timeout).ConfigureAwait(false) switch
        {
            T expected => expected,
            object other => throw Unexpected(other),
        };

    private static Exception Unexpected(object answer)
        => answer is BeeProtocol.Failed failed
            ? new BeeFailedException(failed.Problem, failed.Reason)
            : new InvalidOperationException($"the bee answered {answer.GetType().Name}");
}

/// <summary>A bee said no.</summary>
public sealed class BeeFailedException(BeeProblem problem, string reason) : Exception(reason)
{
    public BeeProblem Problem => problem;
}
