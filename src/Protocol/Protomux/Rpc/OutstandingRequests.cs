namespace Hyper.Protocol.Protomux.Rpc;

/// <summary>Calls that wait for an answer, and when the first of them gives up.</summary>
internal sealed class OutstandingRequests
{
    private const int SlackEntries = 64;

    private readonly Dictionary<ulong, OutstandingRequest> _requests = [];
    private readonly PriorityQueue<ulong, TimeSpan> _deadlines = new();

    internal int Count => _requests.Count;

    internal TimeSpan? NextDeadline
    {
        get
        {
            DropSettled();
            return _deadlines.TryPeek(out _, out TimeSpan deadline) ? deadline : null;
        }
    }

    internal void Add(ulong id, OutstandingRequest request)
    {
        _requests.Add(id, request);
        if (request.Deadline is not { } deadline)
            return;
        // Settled calls leave their deadline behind; rebuilding now and then keeps the queue near the table's size.
        if (_deadlines.Count > (2 * _requests.Count) + SlackEntries)
            Rebuild();
        else
            _deadlines.Enqueue(id, deadline);
    }

    internal bool TryRemove(ulong id, out OutstandingRequest request) => _requests.Remove(id, out request);

    internal bool TryTakeExpired(TimeSpan now, out ulong id, out OutstandingRequest request)
    {
        DropSettled();
        (id, request) = (0, default);
        return _deadlines.TryPeek(out id, out TimeSpan deadline) && deadline <= now && _requests.Remove(id, out request);
    }

    /// <summary>Empties the table, oldest call first.</summary>
    internal ulong[] TakeAll()
    {
        ulong[] ids = [.. _requests.Keys.Order()];
        _requests.Clear();
        _deadlines.Clear();
        return ids;
    }

    private void DropSettled()
    {
        while (_deadlines.TryPeek(out ulong id, out _) && !_requests.ContainsKey(id))
            _deadlines.Dequeue();
    }

    private void Rebuild()
    {
        _deadlines.Clear();
        foreach ((ulong id, OutstandingRequest request) in _requests)
        {
            if (request.Deadline is { } deadline)
                _deadlines.Enqueue(id, deadline);
        }
    }
}

/// <summary>One call that waits for an answer.</summary>
internal readonly record struct OutstandingRequest(RpcValueEncoding ResponseEncoding, TimeSpan? Deadline, TimeSpan? Timeout);
