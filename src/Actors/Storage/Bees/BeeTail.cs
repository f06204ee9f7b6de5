using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The end of the core's log: what is on disk, and the blocks that are on their way there.</summary>
internal sealed class BeeTail
{
    private readonly Dictionary<ulong, byte[]> _unwritten = [];
    private readonly Dictionary<long, (List<BeeOrder> Orders, long Start, long End)> _appends = [];
    private long _lastRequest;
    private long _stored;
    private bool _settling;
    private string? _failure;

    /// <summary>Blocks, those on their way included.</summary>
    public long Length { get; private set; }

    /// <summary>Appends that the core has not answered.</summary>
    public int Count => _appends.Count;

    /// <summary>An append was refused, or the core cut, while later ones were on their way: nothing is appended until all have ended.</summary>
    public bool IsSettling => _settling && Count > 0;

    public bool TryGet(ulong sequence, out ReadOnlyMemory<byte> block)
    {
        bool found = _unwritten.TryGetValue(sequence, out byte[]? bytes);
        block = bytes;
        return found;
    }

    /// <summary>The core has this length on disk.</summary>
    public void HandleStored(long length, bool cut = false)
    {
        _stored = length;
        _settling |= cut;
        Length = cut ? length : Math.Max(Length, length);
    }

    /// <summary>What the core is to append; null when there is nothing and the order has been or will be answered without it.</summary>
    public CoreProtocol.Append? Begin(BeeOrder? order, IReadOnlyList<byte[]> blocks)
    {
        if (blocks.Count == 0 && order is not null)
        {
            // Even an order that changes nothing is answered after those before it.
            if (_appends.Count == 0)
                Answer(order, Length, null);
            else
                _appends[_lastRequest].Orders.Add(order);
            return null;
        }

        long start = Length;
        ReadOnlyMemory<byte>[] appended = new ReadOnlyMemory<byte>[blocks.Count];
        for (int i = 0; i < appended.Length; i++)
            appended[i] = _unwritten[(ulong)Length++] = blocks[i];
        _appends.Add(++_lastRequest, (order is null ? [] : [order], start, Length));
        return new CoreProtocol.Append(_lastRequest, appended) { At = start };
    }

    /// <summary>Tells the askers how their append ended; false for numbers that are none of ours.</summary>
    public bool TryEnd(long request, string? failure)
    {
        if (!_appends.Remove(request, out (List<BeeOrder> Orders, long Start, long End) append))
            return false;
        for (long sequence = append.Start; sequence < append.End; sequence++)
            _unwritten.Remove((ulong)sequence);
        // What was built on a refused append is refused for the same reason.
        _failure ??= failure;
        _settling |= failure is not null;
        foreach (BeeOrder order in append.Orders)
            Answer(order, append.End, failure is null ? null : _failure);
        return true;
    }

    /// <summary>True when what was refused or cut is behind: the log ends again where the core's does.</summary>
    public bool TrySettle()
    {
        if (!_settling || Count > 0)
            return false;
        (_settling, _failure) = (false, null);
        Length = _stored;
        return true;
    }

    private static void Answer(BeeOrder order, long version, string? failure)
    {
        BeeProtocol.IEvent answer = failure is null
            ? new BeeProtocol.Written(order.Write.Request, version)
            : new BeeProtocol.Failed(order.Write.Request, BeeProblem.CoreFailed, failure);
        order.Asker.Tell(answer, ActorRefs.NoSender);
    }
}
