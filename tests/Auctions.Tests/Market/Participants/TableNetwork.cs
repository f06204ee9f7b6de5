using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Auctions.Tests.Market.Participants;

/// <summary>Peers that sit at one table: the protocol of a peer without a network, and followed cores read where they are written.</summary>
internal sealed class TableNetwork
{
    public Dictionary<PublicKey, IActorRef> Peers { get; } = [];

    public Dictionary<TopicKey, List<PublicKey>> Topics { get; } = [];

    public Dictionary<PublicKey, IActorRef> Cores { get; } = [];

    /// <summary>Those who follow a core whose writer does not sit here yet.</summary>
    public List<(IActorRef Follower, PeerProtocol.FollowCore Order)> Waiting { get; } = [];

    /// <summary>Calls made from now on are never answered, and fail when their time is over.</summary>
    public volatile bool IsSilent;

    public object Gate { get; } = new();

    public Props Peer(PeerRuntime runtime, PeerOptions options) => Props.Create(() => new Seat(this, runtime, options));

    private sealed record Dialled(PublicKey By);

    private sealed record Hung(PublicKey By);

    private sealed record Call(PeerProtocol.CallRpc Rpc, PublicKey By);

    private sealed record Event(PeerProtocol.SendRpcEvent Rpc, PublicKey By);

    private sealed class Seat : ReceiveActor
    {
        private readonly TableNetwork _table;
        private readonly PublicKey _key;
        private readonly HashSet<PublicKey> _connected = [];
        private readonly Dictionary<ulong, (IActorRef Caller, PeerProtocol.CallRpc Rpc)> _calls = [];
        private readonly Dictionary<IActorRef, PeerProtocol.OpenOwnCore> _opening = [];
        private readonly PeerRuntime _runtime;
        private ulong _lastCall;

        public Seat(TableNetwork table, PeerRuntime runtime, PeerOptions options)
        {
            _table = table;
            _runtime = runtime;
            _key = options.KeyPair.PublicKey;
            Receive<PeerProtocol.Leave>(_ => Context.Stop(Self));
            Receive<PeerProtocol.AnnounceTopic>(announce => Locked(() => Announced(announce.Topic).Add(_key)));
            Receive<PeerProtocol.LookupTopic>(lookup => Locked(() => Context.Parent.Tell(new PeerProtocol.TopicPeersFound(
                lookup.Request, lookup.Topic, [.. Announced(lookup.Topic).Where(peer => peer != _key).Order()]))));
            Receive<PeerProtocol.Connect>(connect => Connect(connect.Remote));
            Receive<Dialled>(dialled => Open(dialled.By, false));
            Receive<Hung>(hung => Close(hung.By));
            Receive<PeerProtocol.Disconnect>(disconnect => Close(disconnect.Remote));
            Receive<PeerProtocol.CallRpc>(rpc => Send(rpc));
            Receive<PeerProtocol.SendRpcEvent>(rpc => Find(rpc.Remote)?.Tell(new Event(rpc, _key)));
            Receive<Call>(call =>
            {
                _calls.Add(++_lastCall, (Sender, call.Rpc));
                Context.Parent.Tell(new PeerProtocol.RpcCalled(new RpcCallId(Self, _lastCall), call.By, call.Rpc.Method, call.Rpc.Value));
            });
            Receive<Event>(one => Context.Parent.Tell(
                new PeerProtocol.RpcCalled(new RpcCallId(Self, 0), one.By, one.Rpc.Method, one.Rpc.Value)));
            Receive<PeerProtocol.AnswerRpc>(answer => Reply(answer.Call, rpc => new PeerProtocol.RpcReplied(rpc.Request, _key, answer.Value)));
            Receive<PeerProtocol.RefuseRpc>(refuse => Reply(
                refuse.Call, rpc => new PeerProtocol.RpcFailed(rpc.Request, _key, refuse.Code, refuse.Message)));
            Receive<PeerProtocol.IEvent>(answer => Context.Parent.Tell(answer));
            Receive<PeerProtocol.OpenOwnCore>(open => _opening.Add(
                Context.ActorOf(CoreActor.Props(_runtime, new CoreOptions { Folder = open.Folder, Identity = CoreIdentity.ForWriter(open.Writer, true) })),
                open));
            Receive<CoreProtocol.Opened>(opened =>
            {
                var key = new PublicKey(opened.Core.Key.Value);
                Locked(() => Serve(key, Sender));
                Context.Parent.Tell(new PeerProtocol.CoreOpened(_opening[Sender].Request, key, Sender, (ulong)opened.Core.Length));
            });
            Receive<PeerProtocol.FollowCore>(follow => Locked(() =>
            {
                if (_table.Cores.TryGetValue(follow.Key, out IActorRef? core))
                    Context.Parent.Tell(new PeerProtocol.CoreOpened(follow.Request, follow.Key, core, 0));
                else
                    _table.Waiting.Add((Context.Parent, follow));
            }));
        }

        protected override void PreStart()
        {
            Locked(() => _table.Peers[_key] = Self);
            Context.Parent.Tell(new PeerProtocol.PeerReady(PeerAddress.Loopback(4000), _key));
        }

        protected override void PostStop()
        {
            Locked(() =>
            {
                _table.Peers.Remove(_key);
                foreach ((PublicKey key, IActorRef core) in _table.Cores.ToArray())
                {
                    if (_opening.ContainsKey(core))
                        _table.Cores.Remove(key);
                }
            });
            foreach (PublicKey remote in _connected)
                Find(remote)?.Tell(new Hung(_key));
        }

        private void Serve(PublicKey key, IActorRef core)
        {
            _table.Cores[key] = core;
            foreach ((IActorRef follower, PeerProtocol.FollowCore order) in _table.Waiting.Where(waiting => waiting.Order.Key == key))
                follower.Tell(new PeerProtocol.CoreOpened(order.Request, key, core, 0));
            _table.Waiting.RemoveAll(waiting => waiting.Order.Key == key);
        }

        private void Connect(PublicKey remote)
        {
            if (Find(remote) is not { } seat)
            {
                Context.Parent.Tell(new PeerProtocol.ConnectFailed(remote, "PEER_NOT_FOUND", "nobody sits there"));
                return;
            }

            seat.Tell(new Dialled(_key));
            Open(remote, true);
        }

        private void Open(PublicKey remote, bool initiator)
        {
            if (_connected.Add(remote))
                Context.Parent.Tell(new PeerProtocol.PeerConnected(remote, initiator, default));
        }

        private void Close(PublicKey remote)
        {
            if (_connected.Remove(remote))
                Context.Parent.Tell(new PeerProtocol.PeerDisconnected(remote, "ECONNRESET"));
        }

        private void Send(PeerProtocol.CallRpc rpc)
        {
            if (_table.IsSilent)
            {
                var failed = new PeerProtocol.RpcFailed(rpc.Request, rpc.Remote, "TIMEOUT", "no answer");
                Context.System.Scheduler.ScheduleTellOnce(rpc.Timeout, Context.Parent, failed, Self);
            }
            else if (Find(rpc.Remote) is { } seat)
                seat.Tell(new Call(rpc, _key));
            else
                Context.Parent.Tell(new PeerProtocol.RpcFailed(rpc.Request, rpc.Remote, "PEER_NOT_FOUND", "nobody sits there"));
        }

        private void Reply(RpcCallId call, Func<PeerProtocol.CallRpc, PeerProtocol.IEvent> reply)
        {
            if (_calls.Remove(call.Number, out (IActorRef Caller, PeerProtocol.CallRpc Rpc) waiting))
                waiting.Caller.Tell(reply(waiting.Rpc));
        }

        private IActorRef? Find(PublicKey key)
        {
            lock (_table.Gate)
                return _table.Peers.GetValueOrDefault(key);
        }

        private List<PublicKey> Announced(TopicKey topic)
        {
            if (!_table.Topics.TryGetValue(topic, out List<PublicKey>? peers))
                _table.Topics[topic] = peers = [];
            return peers;
        }

        private void Locked(Action action)
        {
            lock (_table.Gate)
                action();
        }
    }
}
