using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>The orders to write under way: each becomes one append to the core, after the header of a core that is still empty.</summary>
internal sealed class BeeWrites(IActorRef core, BeeBlocks blocks, BeeTail tail, BeeLoads loads, BeeHeader header)
{
    private readonly BeeWriter _writer = new(blocks);

    public int Count => _writer.Count + tail.Count;

    public void Add(BeeOrder order)
    {
        _writer.Add(order);
        GoOn();
    }

    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block)
    {
        _writer.Loaded(sequence, block);
        GoOn();
    }

    public void Unavailable(ulong sequence)
    {
        _writer.Unavailable(sequence);
        GoOn();
    }

    /// <summary>The core was cut: nothing in memory counts any more.</summary>
    public void Forget()
    {
        _writer.Forget();
        Settle();
    }

    /// <summary>The core has answered an append; false for numbers that are none of ours.</summary>
    public bool TryEnd(long request, string? failure = null)
    {
        if (!tail.TryEnd(request, failure))
            return false;
        Settle();
        return true;
    }

    private void Settle()
    {
        if (!tail.TrySettle())
            return;
        blocks.Truncate((ulong)tail.Length);
        _writer.Forget();
        GoOn();
    }

    private void GoOn()
    {
        while (!tail.IsSettling && _writer.TryFinish(tail.Length, out BeeOrder order, out IReadOnlyList<byte[]> written))
        {
            if (tail.Length == 0)
                Append(null, [header.Encode()]);
            Append(order, written);
        }

        if (_writer.NeedBlock is { } sequence)
            loads.Load(sequence);
        else if (_writer.Fault is not BeeFault.None and var fault)
        {
            BeeOrder failed = _writer.Drop();
            failed.Asker.Tell(BeeProblems.Answer(failed.Write.Request, fault));
            GoOn();
        }
    }

    private void Append(BeeOrder? order, IReadOnlyList<byte[]> written)
    {
        blocks.Add((ulong)tail.Length, written);
        if (tail.Begin(order, written) is { } append)
            core.Tell(append);
    }
}
