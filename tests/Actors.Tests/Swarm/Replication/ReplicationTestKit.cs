using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AuctionActors.Actors.Tests.Networking.Connections;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

/// <summary>Peers with cores in memory, connected over loopback; all connections have the same two keys.</summary>
public abstract class ReplicationTestKit() : RuntimeKit("replication")
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    internal static readonly CoreIdentity Identity
        = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)6, 32)])));

    internal static readonly CoreIdentity Reader = CoreIdentity.ForReader(Identity.Key);

    private uint _lastStream;

    internal static async Task AwaitLength(IActorRef core, long length, long? stored = null)
    {
        CoreClient client = new(core, Timeout);
        for (int i = 0; i < 600; i++)
        {
            CoreInfo info = await client.GetInfoAsync();
            if (info.Length == length && info.ContiguousLength == (stored ?? length))
                return;
            await Task.Delay(50);
        }

        Assert.Fail($"the core did not reach {length} blocks");
    }

    /// <summary>The client's end of a new connection.</summary>
    internal IActorRef Connect(Peer client, Peer server)
    {
        (NoiseResult initiator, NoiseResult responder) = Sessions.Create();
        (IActorRef Connection, uint Id) one = Connection(client), other = Connection(server);
        other.Connection.Tell(new ConnectionProtocol.ListenChannel("hypercore/alpha", null, server.Replication));
        one.Connection.Tell(new ConnectionProtocol.ListenChannel("hypercore/alpha", null, client.Replication));
        other.Connection.Tell(new ConnectionProtocol.Establish(responder, one.Id, null, null));
        one.Connection.Tell(new ConnectionProtocol.Establish(initiator, other.Id, server.Address, client.Datagrams));
        server.Replication.Tell(new ReplicationProtocol.AddConnection(other.Connection, responder));
        client.Replication.Tell(new ReplicationProtocol.AddConnection(one.Connection, initiator));
        return one.Connection;
    }

    private (IActorRef Connection, uint Id) Connection(Peer peer)
    {
        uint id = ++_lastStream;
        IActorRef connection = Sys.ActorOf(ConnectionActor.Props(peer.Runtime, id, peer.Owner.Ref), $"connection-{id}");
        peer.Datagrams.Tell(new DatagramProtocol.AddStream(id, connection));
        return (connection, id);
    }

    internal Peer Open(string name, ReplicationActorOptions? options = null)
    {
        PeerRuntime runtime = Runtime.Peer(name, new MemoryFileStore());
        TestProbe owner = CreateTestProbe();
        IActorRef datagrams = owner.ChildActorOf(
            DatagramActor.Props(runtime, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)), $"datagrams-{name}");
        PeerAddress address = owner.ExpectMsg<DatagramProtocol.Bound>().Address;
        return new Peer(runtime, owner, datagrams, address, Sys.ActorOf(ReplicationActor.Props(runtime, options), $"replication-{name}"));
    }

    internal static ReadOnlyMemory<byte>[] Blocks(int start, int count)
        => [.. Enumerable.Range(start, count).Select(i => (ReadOnlyMemory<byte>)Bytes($"block-{i}"))];

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal sealed record Peer(PeerRuntime Runtime, TestProbe Owner, IActorRef Datagrams, PeerAddress Address, IActorRef Replication)
    {
        public IActorRef OpenCore(ActorSystem system, CoreIdentity identity)
            => system.ActorOf(CoreActor.Props(Runtime, new CoreOptions { Folder = "core", Identity = identity }));

        /// <summary>Opens the core and exchanges it with everybody connected.</summary>
        public CoreClient Share(ActorSystem system, CoreIdentity identity, bool isFollowed = false, bool isSparse = false)
        {
            IActorRef core = OpenCore(system, identity);
            Replication.Tell(new ReplicationProtocol.AddCore(identity.Key, core, isFollowed, isSparse));
            return new CoreClient(core, Timeout);
        }
    }
}
