using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Our requests that wait for a reply: transaction ids, resends, the congestion window.</summary>
internal sealed class RequestBook
{
    /// <summary>An answer after more sends than these tells little about its way.</summary>
    private const int MaxMeasuredSends = 2;

    private readonly RequestBookOptions _options;
    private readonly Dictionary<ushort, PendingRequest> _byTransaction = [];
    private readonly Dictionary<RequestId, PendingRequest> _byId = [];
    private readonly PriorityQueue<(PendingRequest Request, int SendCount), (TimeSpan Due, long Order)> _timers = new();
    private readonly Queue<PendingRequest> _queued = new();
    private readonly Queue<RequestBookEffect> _effects = new();
    private readonly CongestionWindow _window;
    private readonly DhtNodeCounters _counters;
    private readonly AdaptiveTimeouts? _adaptive;
    private ushort _nextTransaction;
    private long _lastId;
    private long _timerOrder;

    public RequestBook(RequestBookOptions options, ushort firstTransaction, DhtNodeCounters counters, IEntropy entropy)
    {
        _adaptive = options.AdaptiveTimeout is { } adaptive ? new AdaptiveTimeouts(adaptive, entropy) : null;
        _options = options;
        _counters = counters;
        _nextTransaction = firstTransaction;
        _window = new CongestionWindow(options.CongestionWindow, options.CongestionSlot);
    }

    /// <summary>Requests outstanding or queued.</summary>
    public int Count => _byId.Count;

    public bool IsFull => _byId.Count >= _options.MaxOutstanding;

    public TimeSpan? NextDeadline
    {
        get
        {
            while (_timers.TryPeek(out (PendingRequest Request, int SendCount) timer, out _) && !IsLive(timer))
                _timers.Dequeue();
            TimeSpan? due = _timers.TryPeek(out _, out (TimeSpan Due, long Order) first) ? first.Due : null;
            return _queued.Count > 0 && (due is null || _window.NextSlot < due) ? _window.NextSlot : due;
        }
    }

    public RequestId NextId() => new(++_lastId);

    /// <summary>A transaction id that no outstanding request uses.</summary>
    public ushort NextTransaction()
    {
        while (_byTransaction.ContainsKey(_nextTransaction))
            _nextTransaction++;
        return _nextTransaction++;
    }

    public bool TryTake([NotNullWhen(true)] out RequestBookEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Takes a request in and sends it as soon as the window allows.</summary>
    public void Add(PendingRequest pending, TimeSpan now)
    {
        _byTransaction.Add(pending.TransactionId, pending);
        _byId.Add(pending.Id, pending);
        _counters.RequestsMade++;
        _counters.Commands.Of(pending.Request.Command).Made++;
        SendOrQueue(pending, now);
    }

    /// <summary>The request that a reply answers; null, and counted, when there is none or somebody else was asked.</summary>
    public PendingRequest? Match(ushort transactionId, PeerAddress from, TimeSpan now)
    {
        if (!_byTransaction.TryGetValue(transactionId, out PendingRequest? pending))
        {
            _counters.UnmatchedReplies++;
            return null;
        }

        if (pending.Request.To != from)
        {
            _counters.SpoofedReplies++;
            return null;
        }

        End(pending, now);
        if (pending is { SendCount: <= MaxMeasuredSends, Request.RetryAfter: null })
            _adaptive?.Note(from, now - pending.MadeAt, now);
        _counters.RepliesReceived++;
        _counters.Commands.Of(pending.Request.Command).Answered++;
        SendQueued(now);
        return pending;
    }

    public bool IsOutstanding(RequestId id) => _byId.ContainsKey(id);

    public void Cancel(RequestId id, TimeSpan now) => Fail(id, RequestFailure.Cancelled, now);

    /// <summary>Fails everything outstanding, and forgets what has been sent lately.</summary>
    public void FailAll(RequestFailure reason, TimeSpan now)
    {
        foreach (RequestId id in _byId.Keys.ToArray())
            Fail(id, reason, now);
        _window.Clear();
    }

    public void HandleTimeout(TimeSpan now)
    {
        while (_timers.TryPeek(out (PendingRequest Request, int SendCount) timer, out (TimeSpan Due, long Order) at) && at.Due <= now)
        {
            _timers.Dequeue();
            if (IsLive(timer))
                Expire(timer.Request, now);
        }

        SendQueued(now);
    }

    /// <summary>
    /// What the window has made wait leaves as soon as a reply has made room, not only with the next slot as upstream's: the window is as strict.
    /// </summary>
    private void SendQueued(TimeSpan now)
    {
        while (_queued.Count > 0 && !_window.IsFull(now))
        {
            PendingRequest next = _queued.Dequeue();
            if (!next.IsEnded)
                SendNow(next, now);
        }
    }

    private void Fail(RequestId id, RequestFailure reason, TimeSpan now)
    {
        if (!_byId.TryGetValue(id, out PendingRequest? pending))
            return;
        End(pending, now);
        _effects.Enqueue(new RequestBookEffect.Fail(pending, reason));
    }

    private static bool IsLive((PendingRequest Request, int SendCount) timer)
        => !timer.Request.IsEnded && timer.Request.SendCount == timer.SendCount;

    private void Expire(PendingRequest pending, TimeSpan now)
    {
        if (pending.SendCount > pending.Request.Retries)
        {
            End(pending, now);
            _counters.Timeouts++;
            _effects.Enqueue(new RequestBookEffect.Fail(pending, RequestFailure.TimedOut));
            return;
        }

        if (pending.SendCount == 1)
            _effects.Enqueue(new RequestBookEffect.MarkSlow(pending));
        _counters.Retries++;
        SendOrQueue(pending, now);
    }

    private void SendOrQueue(PendingRequest pending, TimeSpan now)
    {
        if (pending.Request.IsForced || !_window.IsFull(now))
            SendNow(pending, now);
        else
            _queued.Enqueue(pending);
    }

    private void SendNow(PendingRequest pending, TimeSpan now)
    {
        pending.SendCount++;
        pending.SentInSlot = _window.CountSend(now);
        TimeSpan due = now + (pending.Request.RetryAfter ?? _adaptive?.After(pending.Request.To, pending.SendCount, now) ?? _options.RetryAfter);
        _timers.Enqueue((pending, pending.SendCount), (due, ++_timerOrder));
        _effects.Enqueue(new RequestBookEffect.Transmit(pending));
    }

    private void End(PendingRequest pending, TimeSpan now)
    {
        pending.IsEnded = true;
        _byTransaction.Remove(pending.TransactionId);
        _byId.Remove(pending.Id);
        if (pending.SendCount > 0)
            _window.CountEnd(pending.SentInSlot, now);
    }
}

/// <summary>A request of ours and what has been done about it.</summary>
internal sealed class PendingRequest(
    RequestId id, ushort transactionId, OutgoingRequest request, LocalSocket socket, byte[] datagram, TimeSpan madeAt)
{
    public RequestId Id { get; } = id;

    public ushort TransactionId { get; } = transactionId;

    public OutgoingRequest Request { get; } = request;

    public LocalSocket Socket { get; } = socket;

    /// <summary>Resends repeat these bytes.</summary>
    public byte[] Datagram { get; } = datagram;

    public TimeSpan MadeAt { get; } = madeAt;

    public int SendCount { get; set; }

    /// <summary>Of the congestion window, for the last send.</summary>
    public long SentInSlot { get; set; }

    public bool IsEnded { get; set; }
}

/// <summary>What the book asks of the node.</summary>
internal abstract record RequestBookEffect(PendingRequest Pending)
{
    public sealed record Transmit(PendingRequest Pending) : RequestBookEffect(Pending);

    public sealed record MarkSlow(PendingRequest Pending) : RequestBookEffect(Pending);

    public sealed record Fail(PendingRequest Pending, RequestFailure Reason) : RequestBookEffect(Pending);
}
