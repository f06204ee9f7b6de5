using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Requests;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Asks the peer for what is missing: longer trees, blocks in order, and blocks that were wanted by name.</summary>
internal sealed class Downloader(ReplicationOptions options, RemotePeer remote, BlockSet have, Action<ReplicationEffect> emit)
{
    private readonly RequestBook _book = new();
    private readonly RequestWindow _window = new(options);
    private readonly SortedSet<long> _wanted = [];
    private readonly HashSet<long> _elsewhere = [];
    private readonly WantedSegments _segments = new(remote, emit);
    private readonly ProofOrder _proofs = new(emit);
    private HashSet<long>? _planning;
    private bool _upgradeRefused;
    private long? _upgradedFrom;
    private bool _comparing;
    private bool _paused;
    private bool _conflictAsked;
    private int _faults;

    public NodeSearches Searches { get; } = new(options, remote, have);

    public bool IsBusy => _book.Count > 0 || _wanted.Count > 0 || !Searches.IsEmpty;

    public TimeSpan? NextDeadline => _book.NextDeadline;

    public void Want(long index)
    {
        if (_wanted.Count < options.MaxWantedBlocks && !have.Contains(index))
            _wanted.Add(index);
    }

    /// <summary>Takes a request back that is under way for it, unless everything is fetched anyway.</summary>
    public void Unwant(long index, bool downloading)
    {
        if (!_wanted.Remove(index) || downloading || _book.FindRevocable(index) is not { } request || !_book.TryEnd(request.Id, out _))
            return;
        emit(new ReplicationEffect.Send(new CancelMessage(request.Id)));
        Release([index]);
    }

    /// <summary>The peer has news: what it refused before it may grant now.</summary>
    public void HandleSync() => _upgradeRefused = false;

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
        _comparing = false;
        _upgradedFrom = null;
        if (blocks.Count > 0)
            emit(new ReplicationEffect.ReleaseBlocks(blocks));
    }

    public void Advance(LocalCore core, bool downloading, TimeSpan now)
    {
        if (_paused || !remote.Uploading || remote.Fork < core.Fork)
            return;
        if (remote.Fork > core.Fork)
        {
            RequestFork(core, now);
            return;
        }

        RequestUpgrade(core, now);
        while (_book.Count < options.MaxInFlight && Searches.TryTake(core, out NodeSearch search, out long block))
            Request(core, search.RequestBy(block), now, priority: 1);
        if (Searches.Unanswerable is { } unknown)
            _segments.Want(unknown.FirstBlock, Math.Min(core.Length, unknown.EndBlock));
        Plan(core, downloading);
    }

    public void HandlePlan(IReadOnlyList<PlannedBlock> granted, IReadOnlyList<long> refused, LocalCore core, bool open, TimeSpan now)
    {
        if (_planning is null)
            return;
        _planning = null;
        foreach (long block in refused)
            if (!have.Contains(block))
                _elsewhere.Add(block);
        if (!open || _paused || remote.Fork != core.Fork)
        {
            Release([.. granted.Select(block => block.Index)]);
            return;
        }

        SharedClimbs climbs = new();
        foreach (PlannedBlock block in granted)
        {
            (long levels, OutgoingRequest? via) = climbs.Shorten(block);
            climbs.Add(Request(core, new ProofRequest(new NodeTarget(block.Index, levels)), now, _wanted.Contains(block.Index) ? 1 : 0, via));
        }
    }

    public void HandleReleased(IReadOnlyList<long> blocks) => _elsewhere.ExceptWith(blocks);

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
        _comparing &= request.Parts.Hash is null;
        if (outcome == VerifyOutcome.Incomplete && wanted is { } node)
        {
            RequestNode(node, core, now);
            return;
        }

        if (outcome == VerifyOutcome.Stored)
        {
            _faults = 0;
            if (request.Parts.Upgrade is { } upgrade)
                _upgradedFrom = upgrade.Start;
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
        if (outcome == VerifyOutcome.Untrue)
            AskForEvidence(core);
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (OutgoingRequest request in _book.Overdue(now))
        {
            emit(new ReplicationEffect.Send(new CancelMessage(request.Id)));
            Refused(request, now);
        }
    }

    // A block that was refused is not asked for again until the peer announces it anew.
    private void Refused(OutgoingRequest request, TimeSpan now)
    {
        _book.TryEnd(request.Id, out _);
        _proofs.GiveUp(request);
        _upgradeRefused |= request.Parts.Upgrade is not null;
        _comparing &= request.Parts.Hash is null;
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
        _wanted.Remove(block);
        _elsewhere.Remove(block);
    }

    private void Release(IReadOnlyList<long> blocks)
    {
        if (blocks.Count > 0)
            emit(new ReplicationEffect.ReleaseBlocks(blocks));
    }

    /// <summary>The rule of upstream: the peer must be able to prove it, and must know exactly how long we are.</summary>
    private void RequestUpgrade(LocalCore core, TimeSpan now)
    {
        bool manifest = !core.ManifestKnown && remote.HasManifest;
        // What was accepted may take a moment until it is on disk and counts as our length.
        if (remote.CanUpgrade && remote.Length > core.Length && remote.LengthAcknowledged == core.Length
            && !_book.HasUpgrade && !_upgradeRefused && core.Length != _upgradedFrom)
            Request(core, new ProofRequest(Upgrade: new UpgradeTarget(core.Length, remote.Length - core.Length)), now);
        else if (manifest && remote.Length == 0 && !_book.HasManifest)
            Request(core, new ProofRequest(), now);
    }

    // The whole tree of a higher fork, one search at a time; faults bound how often a peer can make us begin.
    private void RequestFork(LocalCore core, TimeSpan now)
    {
        if (remote.Length > 0 && !_book.HasUpgrade && !_upgradeRefused && !_comparing)
            Request(core, new ProofRequest(Upgrade: new UpgradeTarget(0, remote.Length)), now);
    }

    // Any block below the node will do, if the peer has it: the climb to the node is what is wanted.
    private void RequestNode(WantedNode node, LocalCore core, TimeSpan now)
    {
        long block = remote.Blocks.NextPresent(node.FirstBlock, Math.Min(node.EndBlock, remote.Length));
        _comparing = block >= 0;
        if (block >= 0)
            Request(core, new ProofRequest(Hash: new NodeTarget(2 * block, node.Levels)), now);
        else
            _upgradeRefused = true;
    }

    private OutgoingRequest Request(LocalCore core, ProofRequest parts, TimeSpan now, long priority = 0, OutgoingRequest? via = null)
    {
        bool manifest = !core.ManifestKnown && remote.HasManifest;
        OutgoingRequest request = _book.Add(remote.Fork, parts, manifest, now + options.RequestTimeout, via);
        emit(new ReplicationEffect.Send(new RequestMessage(request.Id, request.Fork, parts, manifest, priority)));
        return request;
    }

    private void Plan(LocalCore core, bool downloading)
    {
        int room = _window.RoomBeside(_book.Count, isUrgent: _wanted.Count > 0);
        if (_planning is not null || room <= 0 || core.Length == 0)
            return;
        List<long> candidates = [];
        foreach (long wanted in _wanted)
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
        _segments.Want(block, Math.Min(core.Length, block + 1));
        return false;
    }

    private void FindMissing(List<long> candidates, int room, long end)
    {
        for (long block = have.NextAbsent(0); block < end && candidates.Count < room; block = have.NextAbsent(block + 1))
        {
            long present = remote.Blocks.NextPresent(block, end);
            if (present < 0)
                return;
            if (present == block && IsFree(block) && !_wanted.Contains(block))
                candidates.Add(block);
            block = Math.Max(block, present - 1);
        }
    }

    private bool IsFree(long block) => !_book.IsUnderWay(block) && !_elsewhere.Contains(block);

    // Two trees of one writer may both be signed: the peer is asked to show all of its own, once.
    private void AskForEvidence(LocalCore core)
    {
        long length = Math.Min(core.Length, remote.Length);
        if (length == 0 || _conflictAsked)
            return;
        _conflictAsked = true;
        emit(new ReplicationEffect.Send(new RequestMessage(0, remote.Fork, new ProofRequest(Upgrade: new UpgradeTarget(0, length)))));
    }
}
