using Akka.Actor;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Somebody looks for peers of a core, until this is disposed of.</summary>
public sealed class PeerSearch : IDisposable
{
    private readonly IActorRef _core;
    private readonly IActorRef _asker;

    internal PeerSearch(IActorRef core, IActorRef asker) => (_core, _asker) = (core, asker);

    public void Dispose() => _core.Tell(new CorePeerProtocol.EndFindingPeers(0), _asker);
}
