using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.HypercoreReplication;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Collects what one wake-up asks of the core: many proofs cross to it, and to its disk, as one.</summary>
internal sealed class CoreOutbox(IActorRef core)
{
    private List<CoreProtocol.Prove> _proves = [];
    private List<CoreProtocol.Verify> _verifies = [];

    /// <summary>Whether the effect is for the core.</summary>
    public bool TryAdd(ReplicationEffect effect)
    {
        switch (effect)
        {
            case ReplicationEffect.Prove prove:
                _proves.Add(new CoreProtocol.Prove(prove.Request, prove.Parts, prove.Manifest));
                return true;
            case ReplicationEffect.Verify verify:
                _verifies.Add(new CoreProtocol.Verify(verify.Request, verify.Proof));
                return true;
            case ReplicationEffect.FindRoots find:
                core.Tell(new CoreProtocol.FindRoots(0, find.Length));
                return true;
            case ReplicationEffect.CheckConflict check:
                core.Tell(new CoreProtocol.CheckConflict(0, check.Proof));
                return true;
            case ReplicationEffect.Extension extension:
                core.Tell(new CoreProtocol.ExtensionReceived(extension.Name, extension.Payload));
                return true;
            default:
                return false;
        }
    }

    public void Flush()
    {
        if (_proves.Count > 0)
        {
            core.Tell(new CoreProtocol.ProveAll(0, _proves));
            _proves = [];
        }

        if (_verifies.Count > 0)
        {
            core.Tell(new CoreProtocol.VerifyAll(0, _verifies));
            _verifies = [];
        }
    }
}
