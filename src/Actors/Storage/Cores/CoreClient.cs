using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A core actor as tasks, for the command line and tests.</summary>
public sealed class CoreClient(IActorRef core, TimeSpan timeout)
{
    public IActorRef Core => core;

    public async Task<CoreInfo> GetInfoAsync()
        => (await AskAsync<CoreProtocol.Info>(new CoreProtocol.GetInfo(0)).ConfigureAwait(false)).Core;

    /// <summary>The index of the first block appended, once all of them are on disk.</summary>
    public async Task<long> AppendAsync(params IReadOnlyList<ReadOnlyMemory<byte>> blocks)
        => (await AskAsync<CoreProtocol.Done>(new CoreProtocol.Append(0, blocks)).ConfigureAwait(false)).Start;

    public async Task<MerkleTree> TruncateAsync(long length, long? fork = null)
        => (await AskAsync<CoreProtocol.Done>(new CoreProtocol.Truncate(0, length, fork)).ConfigureAwait(false)).Tree;

    public Task ClearAsync(long start, long end) => AskAsync<CoreProtocol.Done>(new CoreProtocol.Clear(0, start, end));

    public Task SetUserDataAsync(string key, ReadOnlyMemory<byte> value)
        => AskAsync<CoreProtocol.Done>(new CoreProtocol.SetUserData(0, key, value));

    public async Task<ImmutableArray<UserDataItem>> GetUserDataAsync()
        => (await AskAsync<CoreProtocol.UserData>(new CoreProtocol.GetUserData(0)).ConfigureAwait(false)).Items;

    /// <summary>The block; without waiting null when it is not stored.</summary>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(long index, bool wait = false)
        => (await AskAsync<CoreProtocol.Block>(new CoreProtocol.GetBlock(0, index, wait)).ConfigureAwait(false)).Bytes;

    /// <summary>The first contradiction in the stored files; null when there is none.</summary>
    public async Task<string?> AuditAsync()
        => (await AskAsync<CoreProtocol.Audited>(new CoreProtocol.Audit(0)).ConfigureAwait(false)).Fault;

    /// <summary>Stops the actor and returns when its folder is closed.</summary>
    public Task CloseAsync() => core.GracefulStop(timeout);

    private async Task<T> AskAsync<T>(object message)
    {
        object answer = await core.Ask<object>(message, timeout).ConfigureAwait(false);
        return answer switch
        {
            T expected => expected,
            CoreProtocol.Failed failed => throw new CoreFailedException(failed.Problem, failed.Reason),
            _ => throw new InvalidOperationException($"the core answered {answer.GetType().Name}"),
        };
    }
}

/// <summary>A core said no.</summary>
public sealed class CoreFailedException(CoreProblem problem, string reason) : Exception(reason)
{
    public CoreProblem Problem => problem;
}
