using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>
/// Searches for the block that holds a byte. Where sizes are missing a block of that part is fetched, whose proof brings them:
/// sizes that come with a block cannot be forged, those of a seek proof can.
/// </summary>
internal sealed class ByteSeeks
{
    private readonly Dictionary<CoreOrder, Seek> _waiting = [];

    public void Begin(HypercoreMachine core, IActorRef asker, CoreProtocol.Seek query)
        => Advance(core, new Seek(asker, query.Request, query.Bytes));

    /// <summary>Whether the effect belonged to a search, which then has gone on.</summary>
    public bool Handle(HypercoreMachine core, CoreEffect effect)
    {
        switch (effect)
        {
            case BlockRead read when _waiting.Remove(read.Order, out Seek? seek):
                Advance(core, seek);
                return true;
            case OrderFailed failed when _waiting.Remove(failed.Order, out Seek? seek):
                seek.Asker.Tell(new CoreProtocol.Failed(seek.Request, CoreProblems.Of(failed.Failure), failed.Reason));
                return true;
            default:
                return false;
        }
    }

    private void Advance(HypercoreMachine core, Seek seek)
    {
        if (seek.Bytes < 0 || seek.Bytes >= core.ByteLength)
            seek.Asker.Tell(new CoreProtocol.Failed(seek.Request, CoreProblem.OutOfRange, $"the core holds {core.ByteLength} bytes"));
        else if (core.TryFindByte(seek.Bytes, out long block, out long offset))
            seek.Asker.Tell(new CoreProtocol.Sought(seek.Request, block, offset));
        else if (core.Has(block))
            seek.Asker.Tell(new CoreProtocol.Failed(seek.Request, CoreProblem.Corrupt, $"nodes above stored block {block} are missing"));
        else
            _waiting.Add(core.Get(block), seek);
    }

    private sealed record Seek(IActorRef Asker, long Request, long Bytes);
}
