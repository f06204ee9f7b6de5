namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Answers to DELAYED_PING that wait for their time.</summary>
internal sealed class DelayedReplies(int limit)
{
    private readonly PriorityQueue<ReceivedRequest, (TimeSpan Due, long Order)> _waiting = new();
    private long _order;

    public TimeSpan? NextDeadline => _waiting.TryPeek(out _, out (TimeSpan Due, long Order) first) ? first.Due : null;

    public bool TryAdd(ReceivedRequest request, TimeSpan due)
    {
        if (_waiting.Count >= limit)
            return false;
        _waiting.Enqueue(request, (due, ++_order));
        return true;
    }

    public bool TryTakeDue(TimeSpan now, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceivedRequest? request)
    {
        request = null;
        return _waiting.TryPeek(out _, out (TimeSpan Due, long Order) first) && first.Due <= now && _waiting.TryDequeue(out request, out _);
    }
}
