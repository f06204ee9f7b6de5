using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Pushes;
using Hyper.Protocol.HypercoreReplication.Statistics;
using Hyper.Protocol.HypercoreReplication.Uploads;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Answers what the peer asks: requests with proofs, wants with what is stored.</summary>
internal sealed class Uploader(
    ReplicationOptions options, BlockSet have, PushSender pushes, ReplicationCounters counters, Action<ReplicationEffect> emit)
{
    // No tree has more levels; more can only be meant to make us climb.
    private const int MaxLevels = 53;

    private readonly UploadQueue _queue = new(options);
    private readonly WantQueue _wants = new(options);
    private LocalCore? _core;

    /// <summary>What the peer wants to hear of.</summary>
    public RemoteWants Wants { get; } = new(options);

    public bool Congested { get; set; }

    public TimeSpan? Earlier(TimeSpan? other)
        => !Congested && _wants.NextDeadline is { } due && (other is null || due < other) ? due : other;

    public void Handle(ReplicationMessage message, LocalCore core)
    {
        switch (message)
        {
            case RequestMessage request:
                HandleRequest(request, core);
                break;
            case CancelMessage cancel:
                _queue.Cancel(cancel.Request);
                break;
            case WantMessage want when want.Length <= options.MaxWantLength:
                Wants.Add(want);
                _wants.Add(want);
                break;
            case UnwantMessage unwant:
                Wants.Remove(unwant);
                break;
        }
    }

    private void HandleRequest(RequestMessage request, LocalCore core)
    {
        _core = core;
        if (!_queue.TryAdd(request))
            Send(new NoDataMessage(request.Id));
    }

    /// <summary>Starts as many answers as may be under way.</summary>
    public void Advance(LocalCore core, TimeSpan now)
    {
        _core = core;
        while (!Congested && _wants.TryTake(now, out WantMessage? want))
            Answer(want, core);
        while (!Congested && _queue.TryStart(out RequestMessage? request))
        {
            if (!IsAvailable(request, core))
            {
                Refuse(request);
            }
            else if (!IsPossible(request, core))
            {
                counters.CountInvalidRequest();
                Refuse(request);
            }
            else if (request.Parts is { Block: null, Hash: null, Upgrade: null } || core.Length == 0)
            {
                Answer(request, new MerkleProof(core.Fork));
            }
            else
            {
                emit(new ReplicationEffect.Prove(request.Id, pushes.Continue(request, core).Parts, request.Manifest && core.HasManifest));
            }
        }
    }

    public void HandleProof(long id, MerkleProof? proof)
    {
        if (pushes.HandleProof(id, proof))
            return;
        if (proof is null)
        {
            counters.CountInvalidRequest();
            if (_queue.TryFinish(id, out _))
                Send(new NoDataMessage(id));
        }
        else if (_queue.TryFinish(id, out _))
        {
            if (proof.Block is { } block)
                _queue.NoteBlock(block.Value.Length);
            Send(new DataMessage(id, proof));
        }
    }

    /// <summary>Tells which blocks of a region are stored, in whichever form is shorter.</summary>
    private void Answer(WantMessage want, LocalCore core)
    {
        long contiguous = Math.Min(have.Contiguous, core.Length);
        if (want.Start + want.Length < contiguous || contiguous == core.Length || (want.Any && want.Start < contiguous))
        {
            if (contiguous > 0)
                Send(new RangeMessage(0, contiguous));
            return;
        }

        long start = want.Start & ~31L;
        long end = Math.Min(want.Start + want.Length, core.Length);
        long present = start < end ? have.NextPresent(start, end) : -1;
        if (present < 0)
            return;
        if (want.Any)
        {
            Send(new RangeMessage(present, 1));
            return;
        }

        byte[] bits = have.ToBits(start, (int)((end - start + 31) / 32));
        Send(new BitfieldMessage(start, bits));
        _wants.Spend(bits.Length);
    }

    private bool IsAvailable(RequestMessage request, LocalCore core)
        => request.Fork == core.Fork && core.LostLength is null && (core.Length == 0 || request.Parts.Block is not { } block || have.Contains(block.Index));

    private static bool IsPossible(RequestMessage request, LocalCore core)
    {
        ProofRequest parts = request.Parts;
        if (core.Length == 0)
            return true;
        if (parts.Block is { Nodes: > MaxLevels })
            return false;
        if (parts.Hash is { } hash && (hash.Nodes > MaxLevels || hash.Index >= 2 * core.Length))
            return false;
        return parts.Upgrade is not { } upgrade || (upgrade.Length > 0 && upgrade.Start + upgrade.Length <= core.Length);
    }

    private void Refuse(RequestMessage request)
    {
        if (request.Manifest && _core!.HasManifest)
            emit(new ReplicationEffect.Prove(request.Id, new ProofRequest(), Manifest: true));
        else if (_queue.TryFinish(request.Id, out _))
            Send(new NoDataMessage(request.Id));
    }

    private void Answer(RequestMessage request, MerkleProof proof)
    {
        if (request.Manifest && _core!.HasManifest)
            emit(new ReplicationEffect.Prove(request.Id, new ProofRequest(), Manifest: true));
        else if (_queue.TryFinish(request.Id, out _))
            Send(new DataMessage(request.Id, proof));
    }

    private void Send(ReplicationMessage message) => emit(new ReplicationEffect.Send(message));
}
