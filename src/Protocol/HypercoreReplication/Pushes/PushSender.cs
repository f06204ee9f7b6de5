using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Pushes;

/// <summary>Sends blocks that nobody asked for to a peer that allows it, each provable from what the peer has by then (version 11).</summary>
internal sealed class PushSender(ReplicationOptions options, RemotePeer remote, Action<ReplicationEffect> emit)
{
    private readonly HashSet<long> _proving = [];
    private long _lastId;
    private long _pushedFork;
    private long _pushedLength;

    public void Push(long index, LocalCore core)
    {
        if (!remote.AllowsPush || !remote.Downloading || index >= core.Length || core.Fork != remote.Fork
            || remote.Blocks.Contains(index) || _proving.Count >= options.MaxPushes)
            return;
        long known = Math.Max(remote.Length, PushedLength(core));
        UpgradeTarget? upgrade = index < known ? null : new UpgradeTarget(known, core.Length - known);
        ProofRequest parts = new(new NodeTarget(index, MerkleTree.CountLevelsToRoot(2 * index, known)), Upgrade: upgrade);
        if (upgrade is not null)
            NoteUpgrade(core, core.Length);
        _proving.Add(--_lastId);
        emit(new ReplicationEffect.Prove(_lastId, parts, core.HasManifest && remote.Length == 0));
    }

    /// <summary>Lets the answer to a request for a longer tree begin where what was pushed ends: that arrives before it.</summary>
    public RequestMessage Continue(RequestMessage request, LocalCore core)
    {
        if (!remote.AllowsPush || request.Parts.Upgrade is not { } upgrade)
            return request;
        long end = upgrade.Start + upgrade.Length;
        long pushed = PushedLength(core);
        NoteUpgrade(core, core.Length);
        return pushed <= upgrade.Start || pushed >= end ? request
            : request with { Parts = request.Parts with { Upgrade = new UpgradeTarget(pushed, end - pushed) } };
    }

    /// <summary>Whether a proof was made for a push, which then is sent.</summary>
    public bool HandleProof(long id, MerkleProof? proof)
    {
        if (!_proving.Remove(id))
            return false;
        if (proof is not null && remote.AllowsPush)
            emit(new ReplicationEffect.Send(new DataMessage(0, proof)));
        return true;
    }

    // A proof always leads to the end of our tree, whatever was asked for.
    private void NoteUpgrade(LocalCore core, long length) => (_pushedFork, _pushedLength) = (core.Fork, length);

    private long PushedLength(LocalCore core) => _pushedFork == core.Fork ? _pushedLength : 0;
}
