using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Network.Nat;
using AuctionActors.Simulation.Tests.Kernel;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Simulation.Tests.Networking;

/// <summary>Five public nodes, and a server and a client that may each stand behind a NAT, in virtual time.</summary>
internal sealed class HolepunchScene : IDisposable
{
    private const int PublicNodes = 5;
    private const uint PublicHost = 0x05050500, PrivateHost = 0xc0a80100;
    private static readonly LinkConditions Distance = new(0, 0, TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(25));
    private static readonly KeyPair ServerKeys = KeyPair.FromSeed(Blake2b.Hash256([1])), ClientKeys = KeyPair.FromSeed(Blake2b.Hash256([2]));

    private readonly VirtualClock _clock = new();
    private readonly LinkShaper _links;
    private readonly VirtualRuntime _runtime;
    private readonly PeerAddress[] _nodes = [.. Enumerable.Range(1, PublicNodes).Select(node => new PeerAddress(PublicHost + (uint)node, 49737))];
    private readonly HashSet<string> _ready = [];
    private readonly Dictionary<string, DhtNodeProtocol.NodeTraffic> _traffic = [];
    private readonly List<IActorRef> _public = [];
    private readonly CountedPorts _clientPorts = new();
    private IActorRef _dialling = ActorRefs.Nobody, _serving = ActorRefs.Nobody;
    private int _closedEnds;

    public HolepunchScene(ulong seed, double loss = 0)
    {
        Events = new DigestRecorder(_clock);
        _links = new LinkShaper(seed, Distance with { Loss = loss });
        _runtime = new VirtualRuntime("punch", seed, _links, _clock, Events);
        foreach (PeerAddress node in _nodes)
        {
            DhtNodeOptions options = DhtNodeOptions.Bootstrapper(node) with { BootstrapNodes = [.. _nodes.Where(other => other != node)] };
            _public.Add(Start("node-" + node.HostText, new HyperDhtOptions { Node = new DhtNodeActorOptions { Node = options, Bind = node } }, null, null));
        }
    }

    public DigestRecorder Events { get; }

    /// <summary>All that the owners of the server and the client are told goes there too.</summary>
    public Action<bool, IActorRef, object>? Hears { get; set; }

    /// <summary>What the client was told at last.</summary>
    public object? ClientOutcome { get; private set; }

    public HyperDhtProtocol.Accepted? Accepted { get; private set; }

    /// <summary>Both ends have proven themselves to each other.</summary>
    public int OpenEnds { get; private set; }

    public TimeSpan ConnectedAfter { get; private set; }

    /// <summary>Ports that the client has open, holes included.</summary>
    public int ClientPorts => _clientPorts.Open;

    /// <summary>Ports that the client has ever opened.</summary>
    public int ClientPortsOpened => _clientPorts.Opened;

    /// <summary>Starts both, lets the client dial when the server can be found, and runs until that has an end.</summary>
    /// <param name="server">Nothing for a public address.</param>
    /// <param name="client">Nothing for a public address.</param>
    /// <param name="isOneHome">Both are behind the server's NAT.</param>
    /// <param name="reusesSocket">Both want later connections to go the same way.</param>
    public void Connect(NatBehaviour? server, NatBehaviour? client, bool isOneHome = false, bool reusesSocket = false)
    {
        VirtualHome? serverHome = server is null ? null : _runtime.CreateHome(PublicHost + 100, server);
        VirtualHome? clientHome = isOneHome ? serverHome : client is null ? null : _runtime.CreateHome(PublicHost + 200, client);
        bool isListening = false;
        Run(() => _ready.Count == PublicNodes);
        _serving = Start("server", Peer(serverHome, 100), serverHome, message => isListening |= message is HyperDhtProtocol.Listening);
        _dialling = Start("client", Peer(clientHome, 200), clientHome, NoteOutcome);
        Run(() => _ready.Count == PublicNodes + 2);
        _serving.Tell(new Owner.Order(self => new HyperDhtProtocol.Listen(ServerKeys, self) { ReusesSocket = reusesSocket }));
        Run(() => isListening);
        Dial(reusesSocket);
    }

    /// <summary>Ends the connection, takes all public nodes away and dials once more after a rest.</summary>
    public void ConnectAgainAlone(TimeSpan rest)
    {
        Close();
        foreach (IActorRef node in _public)
            _runtime.Kernel.System.Stop(node);
        RunFor(rest);
        Dial(reusesSocket: true);
    }

    public void ConnectAgain(bool reusesSocket)
    {
        Close();
        Dial(reusesSocket);
    }

    /// <summary>Ends the connection, takes the server away without a word to others, and dials once more until the client has so many ports open.</summary>
    public void DialTheServerThatIsGone(int untilPorts)
    {
        Close();
        _runtime.Kernel.System.Stop(_serving);
        RunFor(TimeSpan.FromSeconds(1));
        OrderDial(reusesSocket: true);
        Run(() => ClientPorts == untilPorts || ClientOutcome is not null);
    }

    /// <summary>What the node of the server or the client has counted.</summary>
    public DhtNodeProtocol.NodeTraffic TrafficOf(bool isServer)
    {
        _traffic.Clear();
        (isServer ? _serving : _dialling).Tell(new Owner.Order(_ => new DhtNodeProtocol.GetTraffic()));
        Run(() => _traffic.Count > 0);
        return _traffic[isServer ? "server" : "client"];
    }

    /// <summary>Has the owner of a node tell the node, or an actor of it, something.</summary>
    public void Tell(bool isServer, object message, IActorRef? receiver = null)
        => (isServer ? _serving : _dialling).Tell(new Owner.Order(_ => message, receiver));

    /// <summary>Nothing passes between the server and the client any more.</summary>
    public void Cut() => _links.Add(new PartitionRule(new HashSet<string> { "server" }, new HashSet<string> { "client" }));

    /// <summary>Ends the connection at the client.</summary>
    public void Close()
    {
        ((HyperDhtProtocol.Connected)ClientOutcome!).Connection.Tell(ConnectionProtocol.Close.Instance);
        Run(() => _closedEnds == 2);
        (OpenEnds, _closedEnds, ClientOutcome) = (0, 0, null);
    }

    public void Run(Func<bool> condition) => Assert.True(_runtime.Kernel.RunUntil(condition, _clock.Now + TimeSpan.FromMinutes(2)));

    public void RunFor(TimeSpan time) => _runtime.Kernel.RunUntil(_clock.Now + time);

    public void Dispose() => _runtime.Dispose();

    private void OrderDial(bool reusesSocket)
        => _dialling.Tell(new Owner.Order(_ => new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys) { ReusesSocket = reusesSocket }));

    private void Dial(bool reusesSocket)
    {
        TimeSpan begun = _clock.Now;
        OrderDial(reusesSocket);
        Run(() => ClientOutcome is HyperDhtProtocol.ConnectFailed || OpenEnds == 2);
        ConnectedAfter = _clock.Now - begun;
    }

    private void NoteOutcome(object message)
        => ClientOutcome = message is HyperDhtProtocol.Connected or HyperDhtProtocol.ConnectFailed ? message : ClientOutcome;

    private static PeerAddress BindOf(VirtualHome? home, uint host) => new(home is null ? PublicHost + host : PrivateHost + host, 49737);

    private HyperDhtOptions Peer(VirtualHome? home, uint host)
        => new() { Node = new DhtNodeActorOptions { Node = new DhtNodeOptions { BootstrapNodes = [.. _nodes] }, Bind = BindOf(home, host) } };

    private IActorRef Start(string name, HyperDhtOptions options, VirtualHome? home, Action<object>? heard)
    {
        PeerRuntime peer = _runtime.Peer(name, _runtime.CreateFiles(name), home);
        if (name == "client")
            peer = peer with { Ports = _clientPorts.Around(peer.Ports) };
        return _runtime.Kernel.System.ActorOf(Props.Create(() => new Owner(peer, options, (sender, message) => Hear(name, sender, message, heard))), name);
    }

    private void Hear(string name, IActorRef sender, object message, Action<object>? heard)
    {
        if (name is "server" or "client")
            Hears?.Invoke(name == "server", sender, message);
        if (message is DhtNodeProtocol.StateChanged { State.IsBootstrapped: true })
            _ready.Add(name);
        else if (message is HyperDhtProtocol.Accepted accepted)
            Accepted = accepted;
        else if (message is ConnectionProtocol.Opened)
            OpenEnds++;
        else if (message is ConnectionProtocol.Closed)
            _closedEnds++;
        else if (message is DhtNodeProtocol.NodeTraffic traffic)
            _traffic[name] = traffic;
        heard?.Invoke(message);
    }

    private sealed class Owner : UntypedActor
    {
        private readonly IActorRef _dht;
        private readonly Action<IActorRef, object> _heard;

        public Owner(PeerRuntime peer, HyperDhtOptions options, Action<IActorRef, object> heard)
            => (_dht, _heard) = (Context.ActorOf(HyperDhtActor.Props(peer, options), "dht"), heard);

        protected override void OnReceive(object message)
        {
            if (message is Order order)
                (order.Receiver ?? _dht).Tell(order.Make(Self));
            else
                _heard(Sender, message);
        }

        public sealed record Order(Func<IActorRef, object> Make, IActorRef? Receiver = null);
    }
}
