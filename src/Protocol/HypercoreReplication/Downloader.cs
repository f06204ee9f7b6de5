using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Requests;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Asks the peer for what is missing: longer trees, blocks in order, and blocks that were wanted by name.</summary>
internal sealed class Downloader(
    ReplicationOptions options, RemotePeer remote, BlockSet have, ReplicationCounters counters, Action<ReplicationEffect> emit)
{
    private readonly RequestBook _book = new();
    private readonly RequestWindow _window = new(options);
    private readonly HashSet<long> _elsewhere = [];
    private readonly WantedSegments _segments = new(options, remote, emit);
    private readonly ProofOrder _proofs = new(emit);
    private readonly TreeRequests _tree = new(remote);
    private readonly SharedClimbs _climbs = new();
    private readonly LostRootsRequest _lostRoots = new(remote, emit);
    private HashSet<long>? _planning;
    private bool _paused;
    private bool _postponed;
    private int _faults;

    public NodeSearches Searches { get; } = new(options, remote, have);

    public bool IsBusy => _book.Count > 0 || Wanted.Count > 0 || !Searches.IsEmpty;

    public TimeSpan? NextDeadline => _book.NextDeadline;

    public void Want(long index)
    {
        if (Wanted.Count < options.MaxWantedBlocks && !have.Contains(index))
            Wanted.Add(index);
    }

    /// <summary>Whether the peer may still bring a longer tree or one of a higher fork, as far as it has said what it has.</summary>
    public bool IsUpdating(LocalCore core)
        => core.LostLength is null ? !_paused && remote.Uploading && _tree.IsPending(core, _book) : _lostRoots.CanAnswer(core);

    /// <summary>Takes a request back that is under way for it, unless everything is fetched anyway.</summary>
    public void Unwant(long index, bool downloading)
    {
        if (!Wanted.Remove(index) || downloading || _book.FindRevocable(index) is not { } request || !_book.TryEnd(request.Id, out _))
            return;
        emit(new ReplicationEffect.Send(new CancelMessage(request.Id)));
        Release([index]);
    }

    /// <summary>The peer has news: what it refused before it may grant now.</summary>
    public void HandleSync() => _tree.HandleSync();

    public void Resume()
    {
        _paused = false;
        _faults = 0;
    }

    public void Reset()
    {
        IReadOnlyList<long> blocks = [.. _book.Blocks, .. _planning ?? []];
        foreach (OutgoingRequest request in _book.All)
            _book.TryEnd(request.Id, out _);
        _proofs.Clear();
        _planning = null;
        _tree.Reset();
        if (blocks.Count > 0)
            emit(new ReplicationEffect.ReleaseBlocks(blocks));
    }

    public void Advance(LocalCore core, bool downloading, TimeSpan now)
    {
        _lostRoots.Advance(core);
        if (_paused || !remote.Uploading || remote.Fork < core.Fork || core.LostLength is not null)
            return;
        if (_tree.Next(core, _book, Searches.Beyond) is { } next)
            Request(core, next, now);
        if (remote.Fork > core.Fork)
            return;
        while (_book.Count < options.MaxInFlight && Searches.TryTake(core, out NodeSearch search, out long block))
            Request(core, search.RequestBy(block), now, priority: 1);
        if (Searches.Unanswerable is { } unknown)
            _segments.Want(unknown.FirstBlock, Math.Min(core.Length, unknown.EndBlock));
        Plan(core, downloading);
    }

    public void HandlePlan(PlanAnswer answer, LocalCore core, bool open, TimeSpan now)
    {
        if (_planning is null)
            return;
        _planning = null;
        _postponed = answer.IsPostponed;
        foreach (long block in answer.Refused)
            if (!have.Contains(block))
                _elsewhere.Add(block);
        if (!open || _paused || remote.Fork != core.Fork)
        {
            Release([.. answer.Granted.Select(block => block.Index)]);
            return;
        }

        _climbs.Clear();
        foreach (PlannedBlock block in answer.Granted)
        {
            (long levels, RestsOn? via) = _climbs.Shorten(block);
            _climbs.Add(Request(core, new ProofRequest(new NodeTarget(block.Index, levels)), now, Wanted.Contains(block.Index) ? 1 : 0, via));
        }
    }

    public void HandleReleased(IReadOnlyList<long> blocks)
    {
        _postponed = false;
        _elsewhere.ExceptWith(blocks);
    }

    /// <summary>Data, or the word that there is none.</summary>
    public void Handle(ReplicationMessage answer, TimeSpan now)
    {
        DataMessage? data = answer as DataMessage;
        if (!_book.TryAnswer(data?.Request ?? ((NoDataMessage)answer).Request, out OutgoingRequest? request))
            return;
        if (data is not null && request.Matches(data.Proof) && request.IsMetBy(data.Proof))
        {
            _window.HandleBlock(data.Proof.Block);
            _proofs.Add(request, data.Proof, _book);
        }
        else
        {
            Refused(request, now);
        }
    }

    /// <summary>How the check of an answer ended; after <see cref="VerifyOutcome.Incomplete"/> with what is wanted next.</summary>
    public void HandleVerified(long id, VerifyOutcome outcome, WantedNode? wanted, LocalCore core, TimeSpan now)
    {
        if (!_book.TryEnd(id, out OutgoingRequest? request))
            return;
        _tree.HandleEnd(request.Parts);
        if (outcome == VerifyOutcome.Incomplete && wanted is { } node)
        {
            if (_tree.Compare(node) is { } next)
                Request(core, next, now);
            return;
        }

        if (outcome == VerifyOutcome.Stored)
        {
            _faults = 0;
            _tree.HandleStored(request.Parts);
            if (request.Block is { } stored)
                Store(stored);
            return;
        }

        ReadInstead(request);
        if (request.Block is { } block)
            Release([block]);
        if ((outcome is VerifyOutcome.Malformed && !request.IsOrphan(have)) || (outcome is VerifyOutcome.Stale && request.Fork > core.Fork))
            CountFault();
        _paused |= outcome is VerifyOutcome.WriteFailed or VerifyOutcome.Untrue;
        if (outcome == VerifyOutcome.Untrue || (outcome == VerifyOutcome.Malformed && !request.IsOrphan(have)))
            counters.CountInvalidData();
        if (outcome == VerifyOutcome.Untrue && _tree.TryAskForEvidence(core, out RequestMessage? evidence))
            emit(new ReplicationEffect.Send(evidence));
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (OutgoingRequest request in _book.Overdue(now))
        {
            emit(new ReplicationEffect.Send(new CancelMessage(request.Id)));
            counters.CountTimeout();
            Refused(request, now);
        }
    }

    // A block that was refused is not asked for again until the peer announces it anew.
    private void Refused(OutgoingRequest request, TimeSpan now)
    {
        _book.TryEnd(request.Id, out _);
        _proofs.GiveUp(request);
        _tree.HandleRefused(request.Parts);
        CountFault();
        ReadInstead(request);
        if (request.Block is not { } block)
            return;
        remote.Blocks.Remove(block, 1);
        Release([block]);
    }

    // A peer that does not help to find a byte may still have a block near it, which brings sizes too.
    private void ReadInstead(OutgoingRequest request)
    {
        if (request.Parts is { Seek: not null, Hash: { } hash })
            Want(hash.Index / 2);
    }

    private void CountFault() => _paused |= ++_faults >= options.MaxFaults;

    private void Store(long block)
    {
        have.Add(block, 1);
        Wanted.Remove(block);
        _elsewhere.Remove(block);
    }

    private void Release(IReadOnlyList<long> blocks)
    {
        if (blocks.Count > 0)
            emit(new ReplicationEffect.ReleaseBlocks(blocks));
    }

    private OutgoingRequest Request(LocalCore core, ProofRequest parts, TimeSpan now, long priority = 0, RestsOn? via = null)
    {
        bool manifest = !core.ManifestKnown && remote.HasManifest;
        OutgoingRequest request = _book.Add(remote.Fork, parts, manifest, now + options.RequestTimeout, via);
        emit(new ReplicationEffect.Send(new RequestMessage(request.Id, request.Fork, parts, manifest, priority)));
        return request;
    }

    private void Plan(LocalCore core, bool downloading)
    {
        int room = _window.RoomBeside(_book.Count, isUrgent: Wanted.Count > 0);
        if (_planning is not null || _postponed || room <= 0 || core.Length == 0)
            return;
        List<long> candidates = [];
        foreach (long wanted in Wanted)
        {
            if (candidates.Count < room && wanted < core.Length && TryCandidate(wanted, core))
                candidates.Add(wanted);
        }

        long end = Math.Min(core.Length, remote.Length);
        if (downloading)
            FindMissing(candidates, room, end);
        if (downloading && candidates.Count == 0 && have.NextAbsent(0) < end)
            _segments.Want(have.NextAbsent(0), end);
        if (candidates.Count == 0)
            return;
        _planning = [.. candidates];
        emit(new ReplicationEffect.PlanBlocks(candidates));
    }

    private bool TryCandidate(long block, LocalCore core)
    {
        if (have.Contains(block) || !IsFree(block))
            return false;
        if (remote.Blocks.Contains(block))
            return true;
        _segments.Want(block);
        return false;
    }

    private void FindMissing(List<long> candidates, int room, long end)
    {
        for (long block = have.NextAbsent(0); block < end && candidates.Count < room; block = have.NextAbsent(block + 1))
        {
            long present = remote.Blocks.NextPresent(block, end);
            if (present < 0)
                return;
            if (present == block && IsFree(block) && !Wanted.Contains(block))
                candidates.Add(block);
            block = Math.Max(block, present - 1);
        }
    }

    private SortedSet<long> Wanted => _segments.Blocks;

    private bool IsFree(long block) => !_book.IsUnderWay(block) && !_elsewhere.Contains(block);
}
