using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace Hyper.Actors.Storage.Bees;

/// <summary>Blocks that are on their way from the core, or through it from peers. Reads are numbered by the block, below zero.</summary>
internal sealed class BeeLoads(IActorRef core, int maxAhead)
{
    private readonly HashSet<ulong> _needed = [];
    private readonly HashSet<ulong> _remote = [];
    private readonly Dictionary<ulong, LinkedListNode<ulong>> _ahead = [];
    private readonly LinkedList<ulong> _oldestAhead = [];

    /// <summary>Fetches a block that something waits for.</summary>
    public void Load(ulong sequence)
    {
        if (_needed.Add(sequence) && !EndAhead(sequence))
            Tell(sequence);
    }

    /// <summary>Fetches a block that will probably be needed; the oldest of those that nobody sends makes room.</summary>
    public void LoadAhead(ulong sequence)
    {
        if (_needed.Contains(sequence) || _ahead.ContainsKey(sequence))
            return;
        if (_ahead.Count >= maxAhead && _oldestAhead.First is { } oldest)
        {
            core.Tell(new CoreProtocol.CancelGet(-(long)oldest.Value));
            End(oldest.Value);
        }

        _ahead.Add(sequence, _oldestAhead.AddLast(sequence));
        Tell(sequence);
    }

    /// <summary>The core does not hold the block: it comes from peers, if they have it.</summary>
    public void HandleRemote(ulong sequence)
    {
        if (_needed.Contains(sequence) || _ahead.ContainsKey(sequence))
            _remote.Add(sequence);
    }

    public bool IsRemote(ulong sequence) => _remote.Contains(sequence);

    /// <summary>The block is here, or will not come; true when nothing waits for it yet.</summary>
    public bool End(ulong sequence)
    {
        _needed.Remove(sequence);
        _remote.Remove(sequence);
        return EndAhead(sequence);
    }

    private bool EndAhead(ulong sequence)
    {
        if (!_ahead.Remove(sequence, out LinkedListNode<ulong>? place))
            return false;
        _oldestAhead.Remove(place);
        return true;
    }

    private void Tell(ulong sequence) => core.Tell(new CoreProtocol.GetBlock(-(long)sequence, (long)sequence));
}
