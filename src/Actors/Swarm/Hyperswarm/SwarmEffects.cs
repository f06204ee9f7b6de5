using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>Performs the effects of a swarm's machine.</summary>
internal sealed class SwarmEffects(
    IActorContext context, SwarmOptions options, IActorRef dht, SwarmServer server, SwarmLinks links, IActorRef owner)
{
    private readonly IActorRef _self = context.Self;
    private readonly Dictionary<TopicWalkId, IActorRef> _walks = [];
    private readonly Dictionary<long, IActorRef> _flushes = [];
    private readonly HashSet<long> _dials = [];
    private long _lastFlush;

    /// <summary>A dial that had no connection yet has been given up.</summary>
    public sealed record DialGivenUp(SwarmConnectionId Connection);

    public long AddFlush(IActorRef asker)
    {
        _flushes.Add(++_lastFlush, asker);
        return _lastFlush;
    }

    /// <summary>False when the dial was given up before its end could be heard.</summary>
    public bool TryEndDial(long tag) => _dials.Remove(tag);

    public void Forget(TopicWalkId walk) => _walks.Remove(walk);

    public void Perform(SwarmEffect effect)
    {
        switch (effect)
        {
            case SwarmEffect.Listen:
                server.Start();
                break;
            case SwarmEffect.StopListening:
                server.Stop();
                break;
            case SwarmEffect.Walk walk:
                _walks[walk.Id] = context.ActorOf(
                    TopicWalkActor.Props(walk, options.KeyPair, server.Relays, dht), $"walk-{walk.Id.Number}");
                break;
            case SwarmEffect.CancelWalk cancel when _walks.Remove(cancel.Id, out IActorRef? walk):
                context.Stop(walk);
                break;
            case SwarmEffect.Dial dial:
                _dials.Add(dial.Id.Number);
                dht.Tell(
                    new HyperDhtProtocol.Connect(dial.Id.Number, dial.Remote, options.KeyPair)
                    {
                        Preamble = options.Preamble,
                        Relays = dial.RelayAddresses,
                    },
                    _self);
                break;
            case SwarmEffect.ProbeConnection probe when links.TryGet(probe.Id, out SwarmLink? link):
                link.Connection.Tell(ConnectionProtocol.SendKeepAlive.Instance);
                break;
            case SwarmEffect.Disconnect disconnect:
                Disconnect(disconnect.Id);
                break;
            default:
                Tell(effect);
                break;
        }
    }

    private void Disconnect(SwarmConnectionId id)
    {
        if (links.TryGet(id, out SwarmLink? link))
        {
            link.Connection.Tell(ConnectionProtocol.Destroy.Instance);
            return;
        }

        if (_dials.Remove(id.Number))
            dht.Tell(new HyperDhtProtocol.CancelConnect(id.Number), _self);
        _self.Tell(new DialGivenUp(id));
    }

    private void Tell(SwarmEffect effect)
    {
        switch (effect)
        {
            case SwarmEffect.ConnectionOpened opened when links.TryGet(opened.Id, out SwarmLink? link):
                owner.Tell(new SwarmProtocol.ConnectionOpened(link.Connection, link.Session, link.Address, opened.IsClient, opened.Topics));
                break;
            case SwarmEffect.ConnectionClosed closed when links.TryGet(closed.Id, out SwarmLink? link):
                owner.Tell(new SwarmProtocol.ConnectionClosed(link.Connection, closed.Remote));
                break;
            case SwarmEffect.PeerTopicFound found:
                owner.Tell(new SwarmProtocol.PeerTopicFound(found.Remote, found.Topic));
                break;
            case SwarmEffect.PeerBanned banned:
                server.Ban(banned.Remote, true);
                owner.Tell(new SwarmProtocol.PeerBanned(banned.Remote));
                break;
            case SwarmEffect.PeerPardoned pardoned:
                server.Ban(pardoned.Remote, false);
                break;
            case SwarmEffect.Flushed flushed when _flushes.Remove(flushed.Tag, out IActorRef? asker):
                asker.Tell(new SwarmProtocol.Flushed(flushed.Succeeded));
                break;
            case SwarmEffect.TopicLeft left:
                owner.Tell(new SwarmProtocol.TopicLeft(left.Topic));
                break;
            case SwarmEffect.Updated updated:
                owner.Tell(new SwarmProtocol.Updated(updated.Counts));
                break;
            case SwarmEffect.Suspended:
                dht.Tell(new DhtNodeProtocol.Suspend(), _self);
                break;
            case SwarmEffect.Destroyed:
                dht.Tell(new DhtNodeProtocol.Stop(options.TakeBackWithin), _self);
                break;
        }
    }
}
