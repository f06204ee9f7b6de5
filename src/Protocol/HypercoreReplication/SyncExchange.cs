using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Tells the peer how the local core stands, whenever that differs from what it was told last.</summary>
internal sealed class SyncExchange(RemotePeer remote, BlockSet have, Action<ReplicationEffect> emit)
{
    private SyncMessage? _last;

    public void Send(LocalCore core, bool downloading, bool allowPush)
    {
        bool sameFork = core.Fork == remote.Fork;
        SyncMessage sync = new(
            core.Fork, core.Length, sameFork ? remote.Length : 0,
            CanUpgrade: sameFork && CanUpgradePeer(core), Uploading: true, Downloading: downloading, HasManifest: core.HasManifest, allowPush);
        if (sync == _last)
            return;
        _last = sync;
        emit(new ReplicationEffect.Send(sync));
    }

    // Whoever holds every block below a length holds the roots of that length.
    private bool CanUpgradePeer(LocalCore core)
        => !remote.Synced || remote.Length == 0 || (remote.Length < core.Length && have.Contiguous >= remote.Length);
}
