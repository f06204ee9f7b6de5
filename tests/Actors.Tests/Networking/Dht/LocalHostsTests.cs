using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class LocalHostsTests : HyperDhtKit
{
    private readonly MovingPorts _ports;

    public LocalHostsTests()
        : this(new MovingPorts())
    {
    }

    private LocalHostsTests(MovingPorts ports)
        : base(ports) => _ports = ports;

    [Fact]
    public void A_server_is_announced_anew_when_its_machine_gets_another_address_and_not_for_nothing()
    {
        IActorRef node = Node(isFirewalled: false, bindHost: 0);
        Listen(node);
        long announced = Announced();
        _ports.Move([]);
        Server.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        Assert.Equal(announced, Announced());

        _ports.Move([PeerAddress.Loopback(0).Host + 1]);
        Server.ExpectMsg<HyperDhtProtocol.Listening>(Patience);
        Assert.True(Announced() > announced);
    }

    [Fact]
    public void A_node_that_has_stopped_watches_no_more()
    {
        IActorRef node = Node(isFirewalled: false, bindHost: 0);
        int watching = _ports.Watching;
        Watch(node);
        node.Tell(PoisonPill.Instance);
        ExpectTerminated(node, Patience);
        Assert.Equal(watching - 1, _ports.Watching);
    }

    private long Announced()
    {
        TestProbe asker = CreateTestProbe();
        BootstrapNode.Tell(new DhtNodeProtocol.GetTraffic(), asker.Ref);
        ImmutableArray<CommandCount> commands = asker.ExpectMsg<DhtNodeProtocol.NodeTraffic>(Patience).Commands;
        return commands.FirstOrDefault(count => count.Command == HyperDhtCommand.Announce.ToDht()).Received;
    }

    /// <summary>Real ports of a machine whose hosts change when the test says so.</summary>
    private sealed class MovingPorts : IDatagramPorts
    {
        private readonly UdpPorts _ports = new();
        private readonly List<Action> _watchers = [];
        private IReadOnlyList<uint> _hosts = [];

        public int Watching
        {
            get
            {
                lock (_watchers)
                    return _watchers.Count;
            }
        }

        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver) => _ports.Bind(local, receiver);

        public IReadOnlyList<uint> FindLocalHosts() => _hosts;

        public IDisposable WatchLocalHosts(Action changed)
        {
            lock (_watchers)
                _watchers.Add(changed);
            return new Watch(this, changed);
        }

        public void Move(IReadOnlyList<uint> hosts)
        {
            _hosts = hosts;
            lock (_watchers)
                _watchers.ForEach(changed => changed());
        }

        private sealed class Watch(MovingPorts ports, Action changed) : IDisposable
        {
            public void Dispose()
            {
                lock (ports._watchers)
                    ports._watchers.Remove(changed);
            }
        }
    }
}
