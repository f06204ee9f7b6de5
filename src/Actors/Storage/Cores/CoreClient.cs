using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
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
    /// <param name="index">Which.</param>
    /// <param name="wait">Whether it is worth waiting for, from peers or from the writer.</param>
    /// <param name="within">How long, the client's own limit when null; then a <see cref="TimeoutException"/>.</param>
    /// <param name="cancellation">Gives up earlier.</param>
    public Task<ReadOnlyMemory<byte>?> GetAsync(
        long index, bool wait = false, TimeSpan? within = null, CancellationToken cancellation = default)
        => GetAsync(new CoreProtocol.GetBlock(0, index, wait), within, cancellation);

    /// <summary>Which block holds a byte, and how far behind its start; a byte behind the end of the core is waited for.</summary>
    public async Task<(long Block, long Offset)> SeekAsync(
        long bytes, TimeSpan? within = null, CancellationToken cancellation = default)
    {
        CoreProtocol.Seek query = new(0, bytes);
        object answer = await ReadClient.AskAsync(core, query, within ?? timeout, cancellation).ConfigureAwait(false);
        BytePosition position = Expect<CoreProtocol.Sought>(answer).Position!.Value;
        return (position.Block, position.Offset);
    }

    /// <summary>The same without waiting: null when the files do not tell.</summary>
    public async Task<BytePosition?> TrySeekAsync(long bytes)
        => (await AskAsync<CoreProtocol.Sought>(new CoreProtocol.Seek(0, bytes, Wait: false)).ConfigureAwait(false)).Position;

    /// <summary>Begins to fetch a range from peers; everything, and what is appended later, when null.</summary>
    public CoreDownload Download(DownloadRange? range = null)
    {
        DownloadProtocol.Download query = new(0, range ?? new DownloadRange());
        Task<object> answer = ReadClient.Ask(core, query, Timeout.InfiniteTimeSpan, CancellationToken.None, out IActorRef asker);
        return new CoreDownload(core, asker, DoneAsync(answer));

        static async Task<bool> DoneAsync(Task<object> answer)
            => Expect<DownloadProtocol.Downloaded>(await answer.ConfigureAwait(false)).IsComplete;
    }

    /// <summary>Whether something newer came: waits until a peer has brought it, or all peers have told that they have not.</summary>
    /// <param name="wait">Whether to wait at all; when null only while peers are looked for.</param>
    /// <param name="within">How long, the client's own limit when null; then a <see cref="TimeoutException"/>.</param>
    /// <param name="cancellation">Gives up earlier.</param>
    public async Task<bool> UpdateAsync(bool? wait = null, TimeSpan? within = null, CancellationToken cancellation = default)
        => Expect<CorePeerProtocol.Updated>(await ReadClient.AskAsync(
            core, new CorePeerProtocol.Update(0, wait), within ?? timeout, cancellation).ConfigureAwait(false)).IsNewer;

    /// <summary>Peers are being looked for until the answer is disposed of: updates wait for the first of them.</summary>
    public PeerSearch FindPeers()
    {
        CorePeerProtocol.BeginFindingPeers begin = new(0);
        _ = ReadClient.Ask(core, begin, Timeout.InfiniteTimeSpan, CancellationToken.None, out IActorRef asker);
        return new PeerSearch(core, asker);
    }

    /// <summary>Whom the core is exchanged with, and what has passed.</summary>
    public Task<CorePeerProtocol.Peers> GetPeersAsync() => AskAsync<CorePeerProtocol.Peers>(new CorePeerProtocol.GetPeers(0));

    /// <summary>How the core stands once it no longer stands so.</summary>
    public async Task<CoreInfo> AwaitChangeAsync(CoreInfo known, TimeSpan? within = null, CancellationToken cancellation = default)
        => Expect<CoreProtocol.Info>(await ReadClient.AskAsync(
            core, new CoreProtocol.AwaitChange(0, known), within ?? timeout, cancellation).ConfigureAwait(false)).Core;

    /// <summary>The core as it stands now; reads of it fail rather than give blocks of another history.</summary>
    public async Task<CoreSnapshot> SnapshotAsync()
    {
        CoreInfo info = await GetInfoAsync().ConfigureAwait(false);
        return new CoreSnapshot(this, new SnapshotPoint(info.Fork, info.Length));
    }

    /// <summary>Blocks in order, each as soon as it is here.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The one after the last; the present length when null.</param>
    /// <param name="live">Whether to go on with what is appended later, without an end.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long start = 0, long? end = null, bool live = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long last = live ? long.MaxValue : end ?? (await GetInfoAsync().ConfigureAwait(false)).Length;
        for (long index = start; index < last; index++)
        {
            TimeSpan within = live ? Timeout.InfiniteTimeSpan : timeout;
            yield return (await GetAsync(index, wait: true, within, cancellation).ConfigureAwait(false))!.Value;
        }
    }

    /// <summary>Bytes of the core, cut at the borders of its blocks.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBytesAsync(
        long start, long length, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (length <= 0)
            yield break;
        (long block, long offset) = await SeekAsync(start, cancellation: cancellation).ConfigureAwait(false);
        await foreach (ReadOnlyMemory<byte> bytes in ReadAsync(block, cancellation: cancellation).ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> part = bytes[(int)offset..];
            part = part[..(int)Math.Min(part.Length, length)];
            length -= part.Length;
            offset = 0;
            if (!part.IsEmpty)
                yield return part;
            if (length == 0)
                yield break;
        }
    }

    /// <summary>Whether a stored block is still the one that the core's tree names; reads alone do not look.</summary>
    public async Task<bool> IsIntactAsync(long index)
    {
        CoreProtocol.Prove prove = new(0, new ProofRequest(Block: new NodeTarget(index, 0)), Manifest: false);
        return (await AskAsync<CoreProtocol.Proven>(prove).ConfigureAwait(false)).Proof is not null;
    }

    /// <summary>The first contradiction in the stored files; null when there is none. The core serves others meanwhile, and may change.</summary>
    /// <param name="onStep">Is told where the audit goes on, and how long the core is.</param>
    public async Task<string?> AuditAsync(Action<AuditPosition, long>? onStep = null)
    {
        for (AuditPosition from = AuditPosition.Start; ;)
        {
            CoreProtocol.Audited step = await AskAsync<CoreProtocol.Audited>(new CoreProtocol.Audit(0, from)).ConfigureAwait(false);
            if (step.Fault is not null || step.Next is not { } next)
                return step.Fault;
            onStep?.Invoke(next, step.Length);
            from = next;
        }
    }

    /// <summary>What was found damaged; what cannot be mended from the folder alone is asked of peers from now on.</summary>
    /// <param name="within">How long to wait, the client's own limit when null: a look through a large core takes its time.</param>
    /// <param name="cancellation">Ends the waiting, not the repair.</param>
    public async Task<RepairReport> RepairAsync(TimeSpan? within = null, CancellationToken cancellation = default)
        => Expect<CoreProtocol.Repaired>(
            await core.Ask<object>(new CoreProtocol.Repair(0), within ?? timeout, cancellation).ConfigureAwait(false)).Report;

    /// <summary>Returns when all the nodes have come that repairs ask of peers.</summary>
    public async Task AwaitNodesAsync(TimeSpan? within = null, CancellationToken cancellation = default)
        => Expect<CoreProtocol.NodesComplete>(
            await ReadClient.AskAsync(core, new CoreProtocol.AwaitNodes(0), within ?? timeout, cancellation).ConfigureAwait(false));

    /// <summary>Stops the actor and returns when its folder is closed.</summary>
    public Task CloseAsync() => core.GracefulStop(timeout);

    internal async Task<T> AskAsync<T>(object message)
        => Expect<T>(await core.Ask<object>(message, timeout).ConfigureAwait(false));

    internal async Task<ReadOnlyMemory<byte>?> GetAsync(CoreProtocol.GetBlock query, TimeSpan? within, CancellationToken cancellation)
    {
        object answer = await ReadClient.AskAsync(core, query, within ?? timeout, cancellation).ConfigureAwait(false);
        return Expect<CoreProtocol.Block>(answer).Bytes;
    }

    private static T Expect<T>(object answer) => answer switch
    {
        T expected => expected,
        CoreProtocol.Failed failed => throw new CoreFailedException(failed.Problem, failed.Reason),
        _ => throw new InvalidOperationException($"the core answered {answer.GetType().Name}"),
    };
}

/// <summary>A core said no.</summary>
public sealed class CoreFailedException(CoreProblem problem, string reason) : Exception(reason)
{
    public CoreProblem Problem => problem;
}
