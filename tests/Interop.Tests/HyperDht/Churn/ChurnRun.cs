using System.Collections.Concurrent;
using System.Diagnostics;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.HyperDht.Churn;

/// <summary>Starts a node: its name, its keys, the seed of the keys, and whether it is to store for others at once.</summary>
internal delegate Task<IChurnNode> NodeStarter(string name, KeyPair keys, Bytes32 seed, bool isPersistent);

/// <summary>
/// A network in which nodes of two implementations come and go while all pairs work with each other.
/// A failure counts as explained only when one of the two nodes left while they worked.
/// </summary>
internal sealed class ChurnRun(IReadOnlyDictionary<string, NodeStarter> kinds, int nodesOfEachKind, int echoBytes, TimeSpan length, int seed)
{
    private const int Workers = 4;
    private const int RoundsAtLeast = 2;
    private static readonly TimeSpan ChurnInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TimeWithoutNode = TimeSpan.FromSeconds(3);
    private static readonly string[] Operations = ["announce", "immutable", "mutable", "echo"];
    private readonly (string Operation, string From, string To)[] _cells =
        [.. from operation in Operations from @from in kinds.Keys from to in kinds.Keys select (operation, @from, to)];
    private readonly Lock _gate = new();
    private readonly List<Member> _members = [];
    private readonly ConcurrentDictionary<(string Operation, string From, string To), int> _done = new();
    private readonly Stopwatch _elapsed = new();
    private int _started;
    private int _turns;
    private long _sequence;

    /// <summary>Failures while both nodes were there.</summary>
    public ConcurrentQueue<string> Unexplained { get; } = new();

    /// <summary>Failures with a node that was leaving.</summary>
    public ConcurrentQueue<string> Explained { get; } = new();

    public int Replaced { get; private set; }

    public IEnumerable<string> Table
        => _done.OrderBy(cell => cell.Key).Select(cell => $"churn: {cell.Key.Operation,-9} {cell.Key.From,-10} with {cell.Key.To,-10} {cell.Value,5} times");

    /// <summary>Operations between kinds of nodes that never succeeded.</summary>
    public IEnumerable<string> Missing => _cells.Where(cell => !_done.ContainsKey(cell)).Select(cell => $"{cell}");

    private bool IsOver => _elapsed.Elapsed >= length && _turns >= RoundsAtLeast * _cells.Length;

    public async Task RunAsync()
    {
        for (int i = 0; i < nodesOfEachKind; i++)
        {
            foreach (NodeStarter kind in kinds.Values)
                _members.Add(await StartAsync(kind));
        }

        _elapsed.Start();
        Random[] random = [.. Enumerable.Range(0, Workers + 1).Select(worker => new Random((seed * 31) + worker))];
        await Task.WhenAll([ChurnAsync(random[Workers]), .. Enumerable.Range(0, Workers).Select(worker => WorkAsync(random[worker]))]);
    }

    private async Task<Member> StartAsync(NodeStarter kind)
    {
        int number = Interlocked.Increment(ref _started);
        Bytes32 own = Blake2b.Hash256(BitConverter.GetBytes(number), BitConverter.GetBytes(seed));
        IChurnNode node = await kind($"node-{number}", KeyPair.FromSeed(own), own, isPersistent: number % 4 < 2);
        return new Member(kind, node, $"node-{number}");
    }

    private async Task ChurnAsync(Random random)
    {
        while (!IsOver)
        {
            await Task.Delay(ChurnInterval);
            Member leaving;
            lock (_gate)
            {
                leaving = _members[random.Next(_members.Count)];
                leaving.Leave();
                _members.Remove(leaving);
            }

            await leaving.Node.StopAsync(isGraceful: random.Next(2) == 0);
            Member arrived = await StartAsync(leaving.Kind);
            lock (_gate)
                _members.Add(arrived);
            Replaced++;
        }
    }

    private async Task WorkAsync(Random random)
    {
        while (!IsOver)
        {
            (string Operation, string From, string To) cell = _cells[(uint)Interlocked.Increment(ref _turns) % _cells.Length];
            (Member from, Member to) = Pick(cell.From, cell.To, random);
            TimeSpan began = _elapsed.Elapsed;
            try
            {
                Task work = PerformAsync(cell.Operation, from, to);
                await await Task.WhenAny(work, AbandonAsync(from), AbandonAsync(to));
                _done.AddOrUpdate(cell, 1, (_, count) => count + 1);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                string line = $"{began.TotalSeconds:0.0} to {_elapsed.Elapsed.TotalSeconds:0.0} s: {cell.Operation} "
                    + $"{from} with {to}: {failure.GetType().Name} {failure.Message}";
                (from.HasLeft || to.HasLeft ? Explained : Unexplained).Enqueue(line);
            }
        }
    }

    private static async Task AbandonAsync(Member member)
    {
        await member.Leaving;
        await Task.Delay(TimeWithoutNode);
        throw new ChurnException($"{member} has left");
    }

    private (Member From, Member To) Pick(string from, string to, Random random)
    {
        lock (_gate)
        {
            Member first = PickOne(_members.Where(member => member.Node.Kind == from), random);
            return (first, PickOne(_members.Where(member => member.Node.Kind == to && member != first), random));
        }
    }

    private static Member PickOne(IEnumerable<Member> members, Random random)
    {
        Member[] all = [.. members];
        return all[random.Next(all.Length)];
    }

    private Task PerformAsync(string operation, Member from, Member to) => operation switch
    {
        "announce" => AnnounceAsync(from.Node, to.Node),
        "immutable" => StoreImmutableAsync(from.Node, to.Node),
        "mutable" => StoreMutableAsync(from, to.Node),
        _ => from.Node.EchoAsync(to.Node.Keys.PublicKey, echoBytes),
    };

    private async Task AnnounceAsync(IChurnNode from, IChurnNode to)
    {
        Bytes32 topic = Blake2b.Hash256(NextValue());
        await from.AnnounceAsync(topic);
        if (!(await to.LookupAsync(topic)).Contains(from.Keys.PublicKey))
            throw new ChurnException("the announcement was not found");
    }

    private async Task StoreImmutableAsync(IChurnNode from, IChurnNode to)
    {
        byte[] value = NextValue();
        Bytes32 hash = await from.PutImmutableAsync(value);
        if (await to.GetImmutableAsync(hash) is not { } found || !found.AsSpan().SequenceEqual(value))
            throw new ChurnException("the value was not found");
    }

    // One at a time for each key: a value that another has overtaken is rightly refused.
    private async Task StoreMutableAsync(Member from, IChurnNode to)
    {
        await from.Writing.WaitAsync();
        try
        {
            byte[] value = NextValue();
            await from.Node.PutMutableAsync((ulong)Interlocked.Increment(ref _sequence), value);
            if (await to.GetMutableAsync(from.Node.Keys.PublicKey) is not { } found || !found.AsSpan().SequenceEqual(value))
                throw new ChurnException("the value was not found");
        }
        finally
        {
            from.Writing.Release();
        }
    }

    private byte[] NextValue() => BitConverter.GetBytes(Interlocked.Increment(ref _sequence));

    private sealed class Member(NodeStarter kind, IChurnNode node, string name)
    {
        private readonly TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NodeStarter Kind => kind;

        public SemaphoreSlim Writing { get; } = new(1);

        public IChurnNode Node => node;

        public Task Leaving => _leaving.Task;

        public bool HasLeft => _leaving.Task.IsCompleted;

        public void Leave() => _leaving.SetResult();

        public override string ToString() => $"{node.Kind} {name}";
    }
}
