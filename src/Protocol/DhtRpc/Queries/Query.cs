using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>
/// One iterative lookup: walks towards a target, streams replies out, then commits to the closest nodes.
/// It sends nothing itself: every <see cref="QueryEffect.Send"/> must be followed by a reply or failure under its ticket.
/// </summary>
public sealed class Query
{
    /// <summary>Requests in flight while only the caller's own nodes are being tried.</summary>
    private const int CautiousConcurrency = 3;

    /// <summary>A node that waits for fewer replies than this counts as idle.</summary>
    private const int BusyRequests = 3;

    private readonly QueryDefinition _definition;
    private readonly QueryOrigin _origin;
    private readonly ClosestReplies _closest;
    private readonly QueryFrontier _frontier;
    private readonly Queue<QueryEffect> _effects = new();
    private readonly Dictionary<QueryTicket, Step> _steps = [];
    private readonly List<PeerAddress> _accepted = [];
    private int _concurrency;
    private int _lastTicket;
    private int _slow;
    private int _succeeded;
    private int _failed;
    private bool _usesTable;
    private Phase _phase;

    public Query(QueryDefinition definition, QueryOrigin origin)
    {
        _definition = definition;
        _origin = origin;
        _concurrency = definition.Concurrency;
        _closest = new ClosestReplies(definition.Target);
        _frontier = new QueryFrontier(definition.Target, origin.Own, _closest, definition.MaxVisited);
    }

    private enum Phase
    {
        Ready,
        Walking,
        Committing,
        Ended,
    }

    public bool IsFinished => _phase == Phase.Ended;

    /// <summary>Requests whose outcome is awaited.</summary>
    public int Outstanding => _steps.Count;

    public bool TryTake([NotNullWhen(true)] out QueryEffect? effect) => _effects.TryDequeue(out effect);

    public void Start()
    {
        if (_phase != Phase.Ready)
            return;
        _phase = Phase.Walking;
        foreach (PeerAddress address in _definition.StartNodes)
            _frontier.Offer(address, null, out _);
        if (!_definition.OnlyStartNodes && _frontier.PendingCount < RoutingSnapshot.ClosestCount)
            LoadTable();
        Advance();
    }

    public void HandleReply(QueryTicket ticket, ReceivedReply reply)
    {
        if (!TryEnd(ticket, out Step step))
            return;
        if (step.IsCommit)
        {
            if (reply.Error == DhtError.None)
                _accepted.Add(reply.From);
            EndCommitWhenDone();
            return;
        }

        if (_phase != Phase.Walking)
            return;
        _frontier.MarkDone(step.Address);
        if (reply.Error == DhtError.None)
            _succeeded++;
        else
            _failed++;
        if (reply.Error == DhtError.None && reply.Id is { } id && _closest.WouldTake(id))
            _closest.Add(id, reply);
        Follow(reply);
        if (_definition.IdleConcurrency is { } idle)
            _concurrency = reply.Outstanding < BusyRequests ? idle : _definition.Concurrency;
        if (reply.Error == DhtError.None)
            _effects.Enqueue(new QueryEffect.Found(reply));
        Advance();
    }

    /// <summary>A request missed its first answer time: another one may take its place.</summary>
    public void HandleSlow(QueryTicket ticket)
    {
        if (_phase != Phase.Walking || !_steps.TryGetValue(ticket, out Step step) || step.IsSlow)
            return;
        _steps[ticket] = step with { IsSlow = true };
        _slow++;
        Advance();
    }

    public void HandleFailure(QueryTicket ticket, RequestFailure reason)
    {
        if (!TryEnd(ticket, out Step step))
            return;
        if (step.IsCommit)
        {
            EndCommitWhenDone();
            return;
        }

        if (_phase != Phase.Walking)
            return;
        _failed++;
        if (reason == RequestFailure.TimedOut)
        {
            foreach (PeerAddress referrer in _frontier.MarkDown(step.Address))
                _effects.Enqueue(new QueryEffect.HintDown(referrer, step.Address));
        }

        Advance();
    }

    /// <summary>Ends the query now; outstanding requests are withdrawn.</summary>
    public void Cancel() => End(QueryStatus.Cancelled);

    private void LoadTable()
    {
        _usesTable = true;
        int missing = RoutingSnapshot.ClosestCount - _frontier.PendingCount;
        foreach (PeerAddress address in _origin.Routing.Closest(_definition.Target, missing))
            _frontier.Offer(address, null, out _);
        if (_frontier.PendingCount >= RoutingSnapshot.ClosestCount)
            return;
        foreach (PeerAddress address in _origin.BootstrapNodes)
            _frontier.Offer(address, null, out _);
    }

    private void Follow(ReceivedReply reply)
    {
        if (_definition.OnlyStartNodes)
            return;
        foreach (PeerAddress address in reply.CloserNodes)
        {
            if (_origin.Admits is { } admits && !admits(address))
                continue;
            bool goOn = _frontier.Offer(address, reply.From, out bool tellReferrer);
            if (tellReferrer)
                _effects.Enqueue(new QueryEffect.HintDown(reply.From, address));
            if (!goOn)
                break;
        }
    }

    private void Advance()
    {
        while (_steps.Count < Limit && _frontier.TryNext(out RoutingNode node))
            Visit(node.Address);
        if (_frontier.PendingCount > 0 || (_steps.Count > 0 && !(_slow == _steps.Count && _closest.IsFull)))
            return;
        if (!_usesTable && !_definition.OnlyStartNodes && _succeeded < RoutingSnapshot.ClosestCount / 4)
        {
            LoadTable();
            Advance();
            return;
        }

        BeginCommit();
    }

    private int Limit
    {
        get
        {
            bool isCautious = !_usesTable && !_definition.OnlyStartNodes && _succeeded + _failed < _concurrency;
            return (isCautious ? Math.Min(CautiousConcurrency, _concurrency) : _concurrency) + _slow;
        }
    }

    private void Visit(PeerAddress address)
        => Send(new OutgoingRequest(address, _definition.Command)
        {
            Target = _definition.Target,
            Value = _definition.Value,
            Retries = _definition.IsForced ? 0 : _definition.Retries,
            IsForced = _definition.IsForced,
            EvictsOnTimeout = true,
        }, isCommit: false);

    private void Send(OutgoingRequest request, bool isCommit)
    {
        QueryTicket ticket = new(++_lastTicket);
        _steps.Add(ticket, new Step(request.To, isCommit, IsSlow: false));
        _effects.Enqueue(new QueryEffect.Send(ticket, request));
    }

    private bool TryEnd(QueryTicket ticket, out Step step)
    {
        if (!_steps.Remove(ticket, out step))
            return false;
        if (step.IsSlow)
            _slow--;
        return true;
    }

    private void BeginCommit()
    {
        if (_definition.Commit is not { } commit)
        {
            End(QueryStatus.Completed);
            return;
        }

        WithdrawAll();
        _phase = Phase.Committing;
        if (_closest.Count == 0)
        {
            End(QueryStatus.TooFewNodes);
            return;
        }

        foreach (ReceivedReply reply in _closest.ToImmutable())
        {
            if (commit(reply) is { } request)
                Send(request, isCommit: true);
        }

        EndCommitWhenDone();
    }

    private void EndCommitWhenDone()
    {
        if (_phase == Phase.Committing && _steps.Count == 0)
            End(_accepted.Count > 0 ? QueryStatus.Completed : QueryStatus.CommitRefused);
    }

    private void End(QueryStatus status)
    {
        if (_phase == Phase.Ended)
            return;
        WithdrawAll();
        _phase = Phase.Ended;
        ImmutableArray<ReceivedReply> closest = _closest.ToImmutable();
        _effects.Enqueue(new QueryEffect.Finished(new QueryResult(status, closest, _succeeded, _failed, [.. _accepted])));
    }

    private void WithdrawAll()
    {
        foreach (QueryTicket ticket in _steps.Keys)
            _effects.Enqueue(new QueryEffect.Withdraw(ticket));
        _steps.Clear();
        _slow = 0;
    }

    private readonly record struct Step(PeerAddress Address, bool IsCommit, bool IsSlow);
}
