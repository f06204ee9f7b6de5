using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>The cores a peer has open: each once, however often it is asked for.</summary>
internal sealed class PeerCores(IActorContext context, PeerRuntime runtime, PeerOptions options, PeerServices services)
{
    private readonly Dictionary<Bytes32, OpenCore> _byKey = [];
    private readonly Dictionary<IActorRef, OpenCore> _byActor = [];

    /// <summary>Whether the core is replicated with connected peers, and for whom its opening is awaited.</summary>
    private sealed class OpenCore(IActorRef actor, CoreKey key, bool isShared, bool isFollowed)
    {
        public IActorRef Actor { get; } = actor;

        public CoreKey Key { get; } = key;

        public bool IsShared { get; } = isShared;

        /// <summary>Another writer's core, downloaded as it grows.</summary>
        public bool IsFollowed { get; } = isFollowed;

        public CoreInfo? Opened { get; set; }

        public List<PeerRequestId> Waiting { get; } = [];
    }

    /// <summary>Opens the own core, or answers at once when it is open.</summary>
    public PeerProtocol.IEvent? Open(PeerProtocol.OpenOwnCore order)
    {
        CoreIdentity identity = CoreIdentity.ForWriter(order.Writer);
        return Open(order.Request, identity, order.Folder, order.IsShared, isFollowed: false);
    }

    /// <summary>Opens another writer's core below the peer's storage, or answers at once when it is open.</summary>
    public PeerProtocol.IEvent? Follow(PeerProtocol.FollowCore order)
    {
        CoreIdentity identity = CoreIdentity.ForReader(new CoreKey(order.Key.Value));
        string folder = $"{options.Storage}/cores/{identity.Key.ToDiscoveryKey().Value.ToHex()}";
        return Open(order.Request, identity, folder, isShared: true, isFollowed: true);
    }

    /// <summary>Whether a core could be opened.</summary>
    public void Handle(CoreProtocol.IEvent outcome, IActorRef actor)
    {
        if (outcome is CoreProtocol.Opened opened)
            HandleOpened(actor, opened.Core);
        else if (outcome is CoreProtocol.OpenFailed failed)
            HandleFailed(actor, $"{failed.Problem}", failed.Reason);
    }

    /// <summary>Tells those who wait, and replicates the core.</summary>
    private void HandleOpened(IActorRef actor, CoreInfo opened)
    {
        if (!_byActor.TryGetValue(actor, out OpenCore? core))
            return;
        core.Opened = opened;
        if (core.IsShared)
            services.Replication.Tell(new ReplicationProtocol.AddCore(core.Key, core.Actor, core.IsFollowed));
        foreach (PeerRequestId request in core.Waiting)
            services.Owner.Tell(Answer(request, core));
        core.Waiting.Clear();
    }

    /// <summary>Forgets a core that could not be opened, or that stopped.</summary>
    public void HandleFailed(IActorRef actor, string code, string reason)
    {
        if (!_byActor.Remove(actor, out OpenCore? core))
            return;
        _byKey.Remove(core.Key.Value);
        foreach (PeerRequestId request in core.Waiting)
            services.Owner.Tell(new PeerProtocol.CoreOpenFailed(request, code, reason));
    }

    private static PeerProtocol.CoreOpened Answer(PeerRequestId request, OpenCore core)
        => new(request, new PublicKey(core.Key.Value), core.Actor, (ulong)core.Opened!.Length);

    private PeerProtocol.IEvent? Open(PeerRequestId request, CoreIdentity identity, string folder, bool isShared, bool isFollowed)
    {
        if (_byKey.TryGetValue(identity.Key.Value, out OpenCore? present))
        {
            if (present.Opened is not null)
                return Answer(request, present);
            present.Waiting.Add(request);
            return null;
        }

        if (_byKey.Count >= options.CoreLimit)
            return new PeerProtocol.CoreOpenFailed(request, "LIMIT_REACHED", $"{options.CoreLimit} cores are open already");
        string name = ChildName.Free(context, $"core-{identity.Key.ToHex()[..16]}");
        IActorRef actor = context.ActorOf(CoreActor.Props(runtime.For(name), new CoreOptions { Folder = folder, Identity = identity }), name);
        OpenCore open = new(actor, identity.Key, isShared, isFollowed);
        open.Waiting.Add(request);
        _byKey.Add(identity.Key.Value, open);
        _byActor.Add(context.Watch(actor), open);
        return null;
    }
}
