using System.Text;
using Akka.Actor;
using AuctionActors.Auctions.Market.Discovery;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>
/// Keeps the derived bee up to date: appends what differs, one batch at a time, and never rewrites. An auction that is new or no longer
/// open is written at once; what happens to it in between is gathered for a while, for every append costs a signature.
/// </summary>
public sealed class BeeWriterActor : ReceiveActor, IWithTimers
{
    private const int LargestBatch = 64;
    private const int CachedBlocks = 512;

    private static readonly TimeSpan GatherDelay = TimeSpan.FromMilliseconds(250);

    private readonly IActorRef _core;
    private readonly Dictionary<ulong, ReadOnlyMemory<byte>> _recent = [];
    private readonly BeeBlocks _blocks;
    private readonly Dictionary<Bytes32, int> _projected = [];
    private readonly Dictionary<Bytes32, AuctionState> _gathered = [];
    private readonly Queue<BeePut> _puts = [];
    private BeeScan? _scan;
    private BeeBatch? _batch;
    private ulong _length;

    public BeeWriterActor(IActorRef core)
    {
        _core = core;
        _blocks = new BeeBlocks(_recent.TryGetValue, new BeeOptions { AlwaysDuplicate = false, CachedBlocks = CachedBlocks });
        Receive<CoreProtocol.Info>(info =>
        {
            _length = (ulong)info.Core.Length;
            _scan = new BeeScan(_blocks, _length, new BeeRange { GreaterOrEqual = Key("open/"), LessThan = Key("open0") });
            Recall();
        });
        Receive<CoreProtocol.Block>(HandleBlock);
        Receive<CoreProtocol.Done>(done =>
        {
            _length = (ulong)done.Tree.Length;
            _batch = null;
            Write();
        });
        // A core that is closed has not failed: its peer leaves, and so does this.
        Receive<CoreProtocol.Failed>(failed => failed.Problem == CoreProblem.Closed, _ => { });
        Receive<CoreProtocol.Failed>(failed => Fail(failed.Reason));
        Receive<BeeWriterProtocol.Project>(project => Gather(project.State));
        Receive<GatheringEnded>(_ => ProjectGathered());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef core) => ActorProps.Of(() => new BeeWriterActor(core));

    protected override void PreStart() => _core.Tell(new CoreProtocol.GetInfo(0));

    /// <summary>Reads which cores a former run followed, and tells the participant.</summary>
    private void Recall()
    {
        while (_scan is not null)
        {
            BeeProgress progress = _scan.Next(out BeeEntry? entry);
            if (progress == BeeProgress.NeedsBlock)
            {
                Fetch(_scan.NeedBlock!.Value);
                return;
            }

            if (progress == BeeProgress.Failed)
            {
                Fail("the core of the auctions' bee does not hold a well-formed Hyperbee");
                return;
            }

            if (entry?.Value is { } value && BeeProjection.TryReadCore(value, out PublicKey core))
                Context.Parent.Tell(new CatalogueProtocol.FollowCore(core));
            if (entry is null)
                _scan = null;
        }

        Write();
    }

    private void Gather(AuctionState state)
    {
        if (state.Status != AuctionStatus.Open || !_projected.ContainsKey(state.Id))
        {
            _gathered.Remove(state.Id);
            Project(state);
            return;
        }

        if (_gathered.Count == 0)
            Timers.StartSingleTimer(nameof(GatheringEnded), GatheringEnded.Instance, GatherDelay);
        _gathered[state.Id] = state;
    }

    private void ProjectGathered()
    {
        foreach (AuctionState state in _gathered.Values)
            Project(state);
        _gathered.Clear();
    }

    private void Project(AuctionState state)
    {
        foreach (BeePut put in BeeProjection.Project(state, _projected.GetValueOrDefault(state.Id)))
            _puts.Enqueue(put);
        _projected[state.Id] = state.Chain.Count;
        if (_length > 0 || _batch is null)
            Write();
    }

    private void Write()
    {
        if (_scan is not null || _batch is not null || _puts.Count == 0)
            return;
        _batch = new BeeBatch(_blocks, _length);
        Fill();
    }

    private void Fill()
    {
        while (_batch!.Count < LargestBatch && _puts.TryPeek(out BeePut? put))
        {
            BeeWrite written = _batch.Put(Key(put.Key), put.Value);
            if (written == BeeWrite.NeedsBlock)
            {
                Fetch(_batch.NeedBlock!.Value);
                return;
            }

            if (written == BeeWrite.Failed)
            {
                Fail($"the auctions' bee cannot be written: {_batch.Fault}");
                return;
            }

            _puts.Dequeue();
        }

        Finish(_batch);
    }

    private void Finish(BeeBatch batch)
    {
        if (batch.Count == 0)
        {
            _batch = null;
            return;
        }

        List<ReadOnlyMemory<byte>> blocks = _length == 0 ? [new BeeHeader().Encode()] : [];
        foreach (byte[] block in batch.Finish())
            blocks.Add(block);
        if (_recent.Count > CachedBlocks)
            _recent.Clear();
        for (int i = 0; i < blocks.Count; i++)
            _recent[_length + (ulong)i] = blocks[i];
        _core.Tell(new CoreProtocol.Append(0, blocks));
    }

    private static void Fail(string reason) => Context.Parent.Tell(new BeeWriterProtocol.Failed(reason));

    private void Fetch(ulong sequence) => _core.Tell(new CoreProtocol.GetBlock((long)sequence, (long)sequence));

    private void HandleBlock(CoreProtocol.Block block)
    {
        if (block.Bytes is not { } bytes)
            return;
        if (_scan is not null)
        {
            _scan.Loaded((ulong)block.Index, bytes);
            Recall();
        }
        else if (_batch is not null)
        {
            _batch.Loaded((ulong)block.Index, bytes);
            Fill();
        }
    }

    private static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    private sealed record GatheringEnded
    {
        public static GatheringEnded Instance { get; } = new();
    }
}
