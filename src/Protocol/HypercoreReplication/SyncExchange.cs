using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Tells the peer how the local core stands, whenever that differs from what it was told last.</summary>
internal sealed class SyncExchange(RemotePeer remote, BlockSet have, Action<ReplicationEffect> emit)
{
    private SyncMessage? _last;
    private (long Fork, long Length, long RemoteLength) _asked;
    private bool _rootsStored;

    public void Send(LocalCore core, bool downloading, bool allowPush)
    {
        if (core.LostLength is not null)
            return;
        bool sameFork = core.Fork == remote.Fork;
        SyncMessage sync = new(
            core.Fork, core.Length, sameFork ? remote.Length : 0,
            CanUpgrade: sameFork && CanUpgradePeer(core), Uploading: true, Downloading: downloading, HasManifest: core.HasManifest, allowPush);
        if (sync == _last)
            return;
        _last = sync;
        emit(new ReplicationEffect.Send(sync));
    }

    /// <summary>Whether the answer allows what the peer has not been told yet.</summary>
    public bool HandleRoots(long length, bool stored)
    {
        bool isNews = stored && !_rootsStored && length == _asked.RemoteLength;
        _rootsStored |= isNews;
        return isNews;
    }

    // The roots of the peer's length lead from there to ours. Whoever holds every block below has them.
    private bool CanUpgradePeer(LocalCore core)
    {
        if (!remote.Synced || remote.Length == 0)
            return true;
        if (remote.Length >= core.Length)
            return false;
        if (have.Contiguous >= remote.Length)
            return true;
        if (_asked == (core.Fork, core.Length, remote.Length))
            return _rootsStored;
        _asked = (core.Fork, core.Length, remote.Length);
        _rootsStored = false;
        emit(new ReplicationEffect.FindRoots(remote.Length));
        return false;
    }
}
