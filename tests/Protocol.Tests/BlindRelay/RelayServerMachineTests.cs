using CsCheck;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.BlindRelay;

public sealed class RelayServerMachineTests
{
    private static readonly RelaySessionId One = new(1), Two = new(2), Three = new(3);
    private uint _lastStream = 1000;

    [Fact]
    public void Two_that_name_a_token_are_paired_and_told_their_streams()
    {
        RelayServerMachine server = Server();
        RelayClientMachine initiator = new(), responder = new();
        Assert.True(initiator.TryPair(Token(1), true, 7));
        Assert.False(initiator.TryPair(Token(1), true, 8));
        Assert.True(responder.TryPair(Token(1), false, 9));
        Pass(initiator, server, One);
        Assert.False(server.TryTake(out _));
        Pass(responder, server, Two);
        List<RelayServerEffect> effects = Drain(server);
        var link = Assert.IsType<RelayServerEffect.OpenLink>(effects[0]);
        Assert.Equal((7u, 9u), (link.Initiator.RemoteId, link.Responder.RemoteId));
        Assert.Equal(new RelayPaired(Token(1), false, link.Responder.LocalId), Receive(responder, effects[1], Two));
        Assert.Equal(new RelayPaired(Token(1), true, link.Initiator.LocalId), Receive(initiator, effects[2], One));
        Assert.Equal((0, 1, 0, 0), (server.Waiting, server.Links, initiator.Waiting, responder.Waiting));
    }

    [Fact]
    public void The_same_role_twice_is_no_pair()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, true);
        Assert.Equal((0, 1, 1L), (server.Links, server.Waiting, server.Dropped));
    }

    [Fact]
    public void One_that_unpairs_ends_the_link_of_both()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        Drain(server);
        server.HandleMessage(Two, 1, new RelayMessage.Unpair(Token(1)).Encode());
        Assert.IsType<RelayServerEffect.CloseLink>(Assert.Single(Drain(server)));
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        Assert.Equal(1, server.Links);
    }

    [Fact]
    public void A_pairing_that_waits_can_be_withdrawn_by_its_owner_only()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        server.HandleMessage(Three, 1, new RelayMessage.Unpair(Token(1)).Encode());
        Assert.Equal(1, server.Waiting);
        server.HandleMessage(One, 1, new RelayMessage.Unpair(Token(1)).Encode());
        Assert.Equal(0, server.Waiting);
    }

    [Fact]
    public void Sessions_pairings_and_streams_are_counted_as_upstream_counts_them()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        Pair(server, One, 2, true);
        Pair(server, One, 3, true);
        Pair(server, Two, 3, true);
        RelayStatistics seen = server.Statistics.Copy();
        Assert.Equal((3L, 0L), (seen.SessionsOpened, seen.SessionsClosed));
        Assert.Equal((4L, 1L, 0L), (seen.PairingsRequested, seen.PairingsMatched, seen.PairingsCancelled));
        Assert.Equal((2L, 0L), (seen.StreamsOpened, seen.StreamsClosed));

        server.HandleMessage(Two, 1, new RelayMessage.Unpair(Token(1)).Encode());
        server.HandleMessage(Two, 1, new RelayMessage.Unpair(Token(1)).Encode());
        server.HandleMessage(One, 1, new RelayMessage.Unpair(Token(2)).Encode());
        server.RemoveSession(One);
        seen = server.Statistics;
        Assert.Equal((1L, 3L, 2L), (seen.SessionsClosed, seen.PairingsCancelled, seen.StreamsClosed));
        Assert.Equal((0, 0), (server.Waiting, server.Links));
    }

    [Fact]
    public void The_end_of_a_session_ends_its_pairings_and_links()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        Pair(server, One, 2, true);
        Drain(server);
        server.RemoveSession(One);
        server.HandleLinkEnded(Assert.IsType<RelayServerEffect.EndLink>(Assert.Single(Drain(server))).Link);
        Assert.Equal((0, 0), (server.Waiting, server.Links));
        Pair(server, One, 3, true);
        Assert.Equal(1, server.Dropped);
    }

    [Fact]
    public void A_link_goes_on_for_what_is_on_its_way_when_one_peer_leaves_and_hinders_no_other_with_the_token()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        RelayLinkId old = Drain(server).OfType<RelayServerEffect.OpenLink>().Single().Link;
        server.RemoveSession(One);
        Assert.Equal(1, server.Links);
        Pair(server, Three, 1, true);
        Pair(server, Two, 1, false);
        Assert.Equal(2, server.Links);
        server.HandleLinkEnded(old);
        server.HandleMessage(Two, 1, new RelayMessage.Unpair(Token(1)).Encode());
        Assert.Equal(0, server.Links);
    }

    [Fact]
    public void A_link_that_ended_by_itself_leaves_nothing_behind()
    {
        RelayServerMachine server = Server();
        Pair(server, One, 1, true);
        Pair(server, Two, 1, false);
        server.HandleLinkEnded(Drain(server).OfType<RelayServerEffect.OpenLink>().Single().Link);
        server.RemoveSession(One);
        Assert.Empty(Drain(server));
        Assert.Equal(0, server.Links);
    }

    [Fact]
    public void A_flood_of_tokens_is_bounded_and_others_are_still_served()
    {
        RelayServerMachine server = Server(new RelayServerOptions { MaxPendingPerSession = 10, MaxLinksPerSession = 5 });
        for (int i = 0; i < 1000; i++)
            Pair(server, One, i, true);
        Assert.Equal(10, server.Waiting);
        for (int i = 0; i < 1000; i++)
            Pair(server, Two, i, false);
        Assert.Equal(5, server.Links);
        Pair(server, Three, 5000, true);
        server.AddSession(new RelaySessionId(4));
        Pair(server, new RelaySessionId(4), 5000, false);
        Assert.Equal(6, server.Links);
    }

    [Fact]
    public void A_client_believes_only_what_it_asked_for()
    {
        RelayClientMachine client = new();
        client.TryPair(Token(1), true, 7);
        Assert.Null(client.HandleMessage(0, new RelayMessage.Pair(false, Token(1), 5).Encode()));
        Assert.Null(client.HandleMessage(0, new RelayMessage.Pair(true, Token(2), 5).Encode()));
        Assert.NotNull(client.HandleMessage(0, new RelayMessage.Pair(true, Token(1), 5).Encode()));
        Assert.Null(client.HandleMessage(0, new RelayMessage.Pair(true, Token(1), 5).Encode()));
    }

    [Fact]
    public void Messages_survive_a_round_trip()
        => Gen.Select(Gen.Bool, Gen.UInt, Gen.Byte, Gen.ULong[0, 1ul << 52]).Sample((isInitiator, stream, token, sequence) =>
        {
            RelayMessage.Pair pair = new(isInitiator, Token(token), stream) { Sequence = sequence };
            RelayMessage.Unpair unpair = new(Token(token));
            return RelayMessage.TryDecode(0, pair.Encode(), out RelayMessage? first) && pair.Equals(first)
                && RelayMessage.TryDecode(1, unpair.Encode(), out RelayMessage? second) && unpair.Equals(second);
        });

    [Fact]
    public void Random_messages_never_throw_and_pair_nobody()
        => Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[-1, 3]).Sample((bytes, type) =>
        {
            RelayServerMachine server = Server();
            server.HandleMessage(One, type, bytes);
            Assert.Equal(0, server.Links);
            Assert.Null(new RelayClientMachine().HandleMessage(type, bytes));
        });

    private static RelayToken Token(int number) => new(Blake2b.Hash256(BitConverter.GetBytes(number)));

    private static void Pair(RelayServerMachine server, RelaySessionId session, int token, bool isInitiator)
        => server.HandleMessage(session, 0, new RelayMessage.Pair(isInitiator, Token(token), 1).Encode());

    private static void Pass(RelayClientMachine client, RelayServerMachine server, RelaySessionId session)
    {
        while (client.TryTake(out RelayMessage? message))
            server.HandleMessage(session, message.Type, message.Encode());
    }

    private static RelayPaired? Receive(RelayClientMachine client, RelayServerEffect effect, RelaySessionId session)
    {
        var send = Assert.IsType<RelayServerEffect.Send>(effect);
        Assert.Equal(session, send.Session);
        return client.HandleMessage(send.Message.Type, send.Message.Encode());
    }

    private static List<RelayServerEffect> Drain(RelayServerMachine server)
    {
        List<RelayServerEffect> effects = [];
        while (server.TryTake(out RelayServerEffect? effect))
            effects.Add(effect);
        return effects;
    }

    private RelayServerMachine Server(RelayServerOptions? options = null)
    {
        RelayServerMachine server = new(options ?? new RelayServerOptions(), () => ++_lastStream);
        foreach (RelaySessionId session in (RelaySessionId[])[One, Two, Three])
            server.AddSession(session);
        return server;
    }
}
