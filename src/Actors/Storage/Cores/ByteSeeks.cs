using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>
/// Searches for the block that holds a byte. Where sizes are missing peers are asked for the nodes on the way, and at the end a block
/// is read: the last size that nodes tell can be forged, that of a block cannot. Behind the end of the core a search waits until it grows.
/// </summary>
internal sealed class ByteSeeks(CoreEvents events, CoreLimits limits)
{
    private readonly Dictionary<CoreOrder, Seek> _reading = [];
    private readonly List<Seek> _searching = [];

    /// <summary>What peers are to be asked for, those that come later too.</summary>
    public IReadOnlyList<NodeSearch> Open => [.. _searching.Select(seek => seek.Search)];

    public void Begin(HypercoreMachine core, IActorRef asker, CoreProtocol.Seek query)
        => Advance(core, new Seek(asker, query.Request, query.Bytes, query.Wait), null);

    /// <summary>Takes a search back; null when it waits for no block.</summary>
    public CoreOrder? Cancel(IActorRef asker, long request)
    {
        foreach (Seek seek in _searching.Where(seek => seek.Request == request && seek.Asker.Equals(asker)).ToArray())
        {
            _searching.Remove(seek);
            if (!_searching.Exists(other => other.Search.Seek == seek.Search.Seek))
                events.Tell(new CoreProtocol.NodesUnneeded(seek.Search));
        }

        foreach ((CoreOrder order, Seek seek) in _reading)
        {
            if (seek.Request != request || !seek.Asker.Equals(asker))
                continue;
            _reading.Remove(order);
            return order;
        }

        return null;
    }

    /// <summary>Whether the effect belonged to a search, which then has gone on.</summary>
    public bool Handle(HypercoreMachine core, CoreEffect effect)
    {
        switch (effect)
        {
            case BlockRead read when _reading.Remove(read.Order, out Seek? seek):
                Advance(core, seek, null);
                return true;
            case OrderFailed failed when _reading.Remove(failed.Order, out Seek? seek):
                seek.Asker.Tell(new CoreProtocol.Failed(seek.Request, CoreProblems.Of(failed.Failure), failed.Reason));
                return true;
            case Appended or Truncated or BlocksAvailable:
                Retry(core, null);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Nodes have come, perhaps with the block that a peer believes to hold the byte.</summary>
    public void Handle(HypercoreMachine core, MerkleProof proof)
        => Retry(core, proof.Seek is { Nodes: [{ Index: var leaf }, ..] } && (leaf & 1) == 0 ? leaf / 2 : null);

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        foreach (Seek seek in _searching.Concat(_reading.Values))
            seek.Asker.Tell(PendingOrders.Closed(seek.Request));
        _searching.Clear();
        _reading.Clear();
    }

    private void Retry(HypercoreMachine core, long? hint)
    {
        if (_searching.Count == 0)
            return;
        Seek[] searches = [.. _searching];
        _searching.Clear();
        foreach (Seek seek in searches)
            Advance(core, seek, hint);
    }

    private void Advance(HypercoreMachine core, Seek seek, long? hint)
    {
        if (seek.Bytes is < 0 or >= FlatTreeIndex.MaxIndex)
            Fail(seek, CoreProblem.OutOfRange, "no core holds such a byte");
        else if (core.TryFindByte(seek.Bytes, out NodeSearch search, out long offset) && (search.Within.FirstBlock < core.Tree.Length || offset == 0))
            seek.Asker.Tell(new CoreProtocol.Sought(seek.Request, new BytePosition(search.Within.FirstBlock, offset)));
        else if (!seek.Waits)
            seek.Asker.Tell(new CoreProtocol.Sought(seek.Request, null));
        else if (search.NeedsBlock)
            Read(core, seek, search.Within, hint);
        else if (_searching.Count >= limits.MaxSeeks)
            Fail(seek, CoreProblem.LimitReached, $"{limits.MaxSeeks} bytes are looked for already");
        else
            Search(seek with { Search = search }, isNew: search != seek.Search);
    }

    private void Read(HypercoreMachine core, Seek seek, WantedNode pair, long? hint)
    {
        long block = hint >= pair.FirstBlock && hint < pair.EndBlock ? hint.Value : pair.FirstBlock;
        if (core.Has(block))
            Fail(seek, CoreProblem.Corrupt, $"nodes above stored block {block} are missing");
        else
            _reading.Add(core.Get(block), seek);
    }

    private void Search(Seek seek, bool isNew)
    {
        _searching.Add(seek);
        if (isNew)
            events.Tell(new CoreProtocol.NodesNeeded(seek.Search));
    }

    private static void Fail(Seek seek, CoreProblem problem, string reason)
        => seek.Asker.Tell(new CoreProtocol.Failed(seek.Request, problem, reason));

    private sealed record Seek(IActorRef Asker, long Request, long Bytes, bool Waits)
    {
        public NodeSearch Search { get; init; }
    }
}
