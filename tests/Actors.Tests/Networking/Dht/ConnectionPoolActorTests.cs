using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Dht.Pooling;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class ConnectionPoolActorTests : TestKit
{
    private static readonly PublicKey Lesser, Greater;
    private readonly TestProbe _dht, _owner, _asker;

    static ConnectionPoolActorTests()
    {
        PublicKey[] keys = [.. Keys.Select(pair => pair.PublicKey).OrderBy(key => key.ToHex(), StringComparer.Ordinal)];
        (Lesser, Greater) = (keys[0], keys[1]);
    }

    public ConnectionPoolActorTests() => (_dht, _owner, _asker) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    private static KeyPair[] Keys => [KeyPair.FromSeed(Blake2b.Hash256([1])), KeyPair.FromSeed(Blake2b.Hash256([2]))];

    [Fact]
    public void A_remote_is_dialled_once_for_all_who_ask_and_its_connection_shared()
    {
        IActorRef pool = Pool(Lesser);
        Ask(pool, Greater);
        Ask(pool, Greater);
        long tag = _dht.ExpectMsg<HyperDhtProtocol.Connect>().Tag;
        TestProbe connection = Dialled(pool, tag, Lesser, Greater);
        Ask(pool, Greater);
        for (int i = 0; i < 3; i++)
            Assert.Equal(connection.Ref, _asker.ExpectMsg<ConnectionPoolProtocol.Connected>().Connection);
        _owner.ExpectMsg<ConnectionPoolProtocol.Connected>();
        pool.Tell(new ConnectionProtocol.Closed(ConnectionCloseReason.Destroyed, null), connection.Ref);
        _owner.ExpectMsg<ConnectionPoolProtocol.Closed>();
        Ask(pool, Greater);
        Assert.NotEqual(tag, _dht.ExpectMsg<HyperDhtProtocol.Connect>().Tag);
    }

    [Fact]
    public void A_failed_dial_is_told_to_all_who_asked()
    {
        IActorRef pool = Pool(Lesser);
        Ask(pool, Greater);
        Ask(pool, Greater);
        long tag = _dht.ExpectMsg<HyperDhtProtocol.Connect>().Tag;
        pool.Tell(new HyperDhtProtocol.ConnectFailed(tag, Greater, ConnectFailureCodes.PeerNotFound));
        _asker.ExpectMsg<ConnectionPoolProtocol.ConnectFailed>();
        _asker.ExpectMsg<ConnectionPoolProtocol.ConnectFailed>();
    }

    [Fact]
    public void An_accepted_connection_ends_the_dial_of_the_greater_key_and_answers_who_asked()
    {
        IActorRef pool = Pool(Greater);
        Ask(pool, Lesser);
        long tag = _dht.ExpectMsg<HyperDhtProtocol.Connect>().Tag;
        TestProbe accepted = Accepted(pool, Greater, Lesser);
        Assert.Equal(tag, _dht.ExpectMsg<HyperDhtProtocol.CancelConnect>().Tag);
        Assert.Equal(accepted.Ref, _asker.ExpectMsg<ConnectionPoolProtocol.Connected>().Connection);
    }

    [Fact]
    public void The_lesser_key_keeps_what_it_dials()
    {
        IActorRef pool = Pool(Lesser);
        Ask(pool, Greater);
        Accepted(pool, Lesser, Greater).ExpectMsg<ConnectionProtocol.Destroy>();
        TestProbe dialled = Dialled(pool, _dht.ExpectMsg<HyperDhtProtocol.Connect>().Tag, Lesser, Greater);
        Accepted(pool, Lesser, Greater).ExpectMsg<ConnectionProtocol.Destroy>();
        Assert.Equal(dialled.Ref, _asker.ExpectMsg<ConnectionPoolProtocol.Connected>().Connection);
    }

    [Fact]
    public void A_newer_connection_of_the_same_kind_follows_when_the_older_one_has_closed()
    {
        IActorRef pool = Pool(Lesser);
        TestProbe older = Accepted(pool, Lesser, Greater), newer = Accepted(pool, Lesser, Greater);
        Assert.Equal(older.Ref, _owner.ExpectMsg<ConnectionPoolProtocol.Connected>().Connection);
        older.ExpectMsg<ConnectionProtocol.Destroy>();
        pool.Tell(new ConnectionProtocol.Closed(ConnectionCloseReason.Destroyed, null), older.Ref);
        _owner.ExpectMsg<ConnectionPoolProtocol.Closed>();
        Assert.Equal(newer.Ref, _owner.ExpectMsg<ConnectionPoolProtocol.Connected>().Connection);
    }

    private IActorRef Pool(PublicKey own) => Sys.ActorOf(ConnectionPoolActor.Props(_dht.Ref, Keys.Single(pair => pair.PublicKey == own), _owner.Ref));

    private void Ask(IActorRef pool, PublicKey remote) => pool.Tell(new ConnectionPoolProtocol.Connect(remote), _asker.Ref);

    private static NoiseResult Session(PublicKey own, PublicKey remote, bool isInitiator)
        => new(default, default, new byte[64], own, remote, isInitiator);

    private TestProbe Dialled(IActorRef pool, long tag, PublicKey own, PublicKey remote)
    {
        TestProbe connection = CreateTestProbe();
        pool.Tell(new HyperDhtProtocol.Connected(tag, connection.Ref, Session(own, remote, isInitiator: true), PeerAddress.Loopback(1)));
        return connection;
    }

    private TestProbe Accepted(IActorRef pool, PublicKey own, PublicKey remote)
    {
        TestProbe connection = CreateTestProbe();
        pool.Tell(new HyperDhtProtocol.Accepted(own, connection.Ref, Session(own, remote, isInitiator: false), PeerAddress.Loopback(1)));
        return connection;
    }
}
