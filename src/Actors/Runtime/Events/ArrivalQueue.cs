using System.Diagnostics.CodeAnalysis;

namespace Hyper.Actors.Runtime.Events;

/// <summary>
/// A queue that any thread may add to and one at a time may take from, in the order of arrival. Empty, it is one small object:
/// a process has thousands of mailboxes, and nearly all of them are empty.
/// </summary>
internal sealed class ArrivalQueue<TItem>
{
    // The node before the first item; its own item has been taken.
    private Node _taken;
    private Node _last;

    public ArrivalQueue() => _taken = _last = new Node();

    /// <summary>May still be true for one that is being added.</summary>
    public bool IsEmpty => Volatile.Read(ref Volatile.Read(ref _taken).Next) is null;

    public int Count
    {
        get
        {
            int count = 0;
            for (Node? at = Volatile.Read(ref Volatile.Read(ref _taken).Next); at is not null; at = Volatile.Read(ref at.Next))
                count++;
            return count;
        }
    }

    /// <summary>
    /// Whoever looks afterwards whether the taker is at work must not look before the item can be seen: the taker, who says that it rests and
    /// then looks for items, would rest on it. So the item is linked by an exchange, which nothing overtakes.
    /// </summary>
    public void Enqueue(TItem item)
    {
        Node node = new() { Item = item };
        Interlocked.Exchange(ref Interlocked.Exchange(ref _last, node).Next, node);
    }

    public bool TryDequeue([MaybeNullWhen(false)] out TItem item)
    {
        Node before = _taken;
        if (Volatile.Read(ref before.Next) is not { } first)
        {
            item = default;
            return false;
        }

        item = first.Item!;
        first.Item = default;
        Volatile.Write(ref _taken, first);
        before.Next = null;
        return true;
    }

    private sealed class Node
    {
        public Node? Next;

        public TItem? Item;
    }
}
