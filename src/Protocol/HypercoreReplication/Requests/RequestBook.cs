using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>The requests under way to one peer: sent, or answered and being verified.</summary>
internal sealed class RequestBook
{
    // One request that is never answered would keep all that were made and answered after it.
    private const int CompactFrom = 1024;

    private readonly Dictionary<long, OutgoingRequest> _sent = [];
    private readonly Dictionary<long, OutgoingRequest> _verifying = [];
    private readonly HashSet<long> _blocks = [];
    private Queue<OutgoingRequest> _order = [];

    // Upstream reserves 0 for the check of conflicts.
    private long _nextId = 1;

    public int Count => _sent.Count + _verifying.Count;

    public bool HasUpgrade { get; private set; }

    public bool HasManifest { get; private set; }

    /// <summary>Requests are made in order of time, so the oldest has the first deadline.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            while (_order.TryPeek(out OutgoingRequest? oldest) && !_sent.ContainsKey(oldest.Id))
                _order.Dequeue();
            return _order.TryPeek(out OutgoingRequest? first) ? first.Deadline : null;
        }
    }

    public bool IsUnderWay(long block) => _blocks.Contains(block);

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsSent(long id) => _sent.ContainsKey(id);

    public OutgoingRequest Add(long fork, ProofRequest parts, bool manifest, TimeSpan deadline, RestsOn? via = null)
    {
        OutgoingRequest request = new(_nextId++, fork, parts, manifest, deadline) { Via = via };
        _sent.Add(request.Id, request);
        if (_order.Count >= CompactFrom && _order.Count > 2 * _sent.Count)
            Compact();
        _order.Enqueue(request);
        if (request.Block is { } block)
            _blocks.Add(block);
        HasUpgrade |= parts.Upgrade is not null;
        HasManifest |= manifest;
        return request;
    }

    /// <summary>Ends the wait for an answer; false for ids that are unknown or were answered before.</summary>
    public bool TryAnswer(long id, [NotNullWhen(true)] out OutgoingRequest? request)
    {
        if (!_sent.Remove(id, out request))
            return false;
        _verifying.Add(id, request);
        return true;
    }

    /// <summary>Forgets a request in either state.</summary>
    public bool TryEnd(long id, [NotNullWhen(true)] out OutgoingRequest? request)
    {
        if (!_sent.Remove(id, out request) && !_verifying.Remove(id, out request))
            return false;
        if (request.Block is { } block)
            _blocks.Remove(block);
        HasUpgrade &= request.Parts.Upgrade is null;
        HasManifest &= !request.Manifest;
        return true;
    }

    /// <summary>The request for a block that has no answer yet and on which no other rests.</summary>
    public OutgoingRequest? FindRevocable(long block)
        => _blocks.Contains(block) && _sent.Values.FirstOrDefault(request => request.Block == block) is { } found
            && All.All(other => other.Via?.Request != found.Id) ? found : null;

    public IReadOnlyList<OutgoingRequest> Overdue(TimeSpan now) => [.. _sent.Values.Where(request => request.Deadline <= now)];

    public IReadOnlyList<OutgoingRequest> All => [.. _sent.Values, .. _verifying.Values];

    public IReadOnlyList<long> Blocks => [.. _blocks];

    /// <summary>Requests that are remembered for their deadlines.</summary>
    public int Remembered => _order.Count;

    private void Compact() => _order = new Queue<OutgoingRequest>(_order.Where(request => _sent.ContainsKey(request.Id)));
}
