using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>
/// Asks the peer for the roots of a core that has lost them, in the words of version 11's repair mode: a request without a number for
/// the whole tree. Only of a peer that is as long: to ask more of version 10 ends the connection.
/// </summary>
internal sealed class LostRootsRequest(RemotePeer remote, Action<ReplicationEffect> emit)
{
    private long _askedAt;

    /// <summary>Whether the peer can prove the roots, as far as it has said what it has.</summary>
    public bool CanAnswer(LocalCore core) => core.LostLength is { } lost && remote.Fork == core.Fork && remote.Length >= lost;

    /// <summary>Asks once for each length of the peer's.</summary>
    public void Advance(LocalCore core)
    {
        if (!CanAnswer(core) || remote.Length <= _askedAt)
            return;
        _askedAt = remote.Length;
        ProofRequest roots = new(Upgrade: new UpgradeTarget(0, core.LostLength!.Value));
        emit(new ReplicationEffect.Send(new RequestMessage(0, core.Fork, roots, !core.ManifestKnown && remote.HasManifest)));
    }
}
