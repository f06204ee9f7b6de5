using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Protocol.Tests.Protomux.Rpc;

/// <summary>How a session ends, and what becomes of calls that are out.</summary>
public sealed class RpcEndTests
{
    private static readonly RpcMethod Echo = new("echo");

    [Fact]
    public void A_session_without_calls_ends_at_once_and_refuses_later_calls_and_events()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("echo", "x");
        pair.Run();
        Assert.False(pair.A.Machine.IsClosed);
        pair.A.Machine.End();
        pair.Run();
        Assert.True(pair.A.Machine.IsClosed && pair.B.Machine.IsClosed);
        Assert.False(pair.A.Machine.TryRequest(Echo, default, null, default, out _));
        Assert.False(pair.A.Machine.TrySendEvent(Echo, default));
        Assert.True(pair.Mux.A.Machine.IsIdle && pair.Mux.B.Machine.IsIdle);
    }

    [Fact]
    public void A_call_made_while_another_keeps_the_session_from_ending_is_answered_too()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("echo", "1");
        pair.A.Machine.End();
        pair.A.Request("echo", "2");
        pair.Run();
        Assert.Equal(["31", "32"], pair.A.Answers);
        Assert.Empty(pair.A.Errors);
        Assert.True(pair.A.Machine.IsClosed);
    }

    [Fact]
    public void A_call_whose_time_is_up_lets_the_session_end()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "", timeout: TimeSpan.FromSeconds(1));
        pair.A.Machine.End();
        pair.Run();
        Assert.False(pair.A.Machine.IsClosed);
        pair.A.Machine.HandleTimeout(TimeSpan.FromSeconds(1));
        pair.Run();
        Assert.True(pair.A.Machine.IsClosed && pair.B.Machine.IsClosed);
    }

    [Fact]
    public void Destroying_with_an_error_fails_every_call_with_it_and_forgets_their_deadlines()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "", timeout: TimeSpan.FromDays(1));
        pair.A.Request("slow", "");
        pair.Run();
        pair.A.Machine.Destroy(new RpcError(null, "whoops"));
        pair.A.Machine.Destroy();
        pair.Run();
        Assert.Equal(["whoops", "whoops"], pair.A.Errors);
        Assert.Null(pair.A.Machine.NextDeadline);
        Assert.Equal((0, 0), (pair.A.Machine.OutstandingRequestCount, pair.B.Machine.PendingResponseCount));
        Assert.True(pair.B.Machine.IsClosed);
    }

    [Fact]
    public void The_end_of_the_multiplexer_fails_calls_as_closed()
    {
        RpcPair pair = RpcPair.Opened();
        pair.A.Request("slow", "");
        pair.Mux.A.Machine.HandleStreamClosed();
        pair.Run();
        Assert.Equal(["CHANNEL_CLOSED: channel closed"], pair.A.Errors);
    }

    [Fact]
    public void A_handler_that_destroys_its_session_fails_the_call_as_closed()
    {
        RpcPair pair = RpcPair.Opened();
        pair.B.Handler = (machine, _) => machine.Destroy();
        pair.A.Request("echo", "", timeout: TimeSpan.FromDays(1));
        pair.Run();
        Assert.Equal(["CHANNEL_CLOSED: channel closed"], pair.A.Errors);
        Assert.Null(pair.A.Machine.NextDeadline);
    }

    [Fact]
    public void Sessions_of_two_ids_share_a_multiplexer_and_do_not_mix()
    {
        MuxPair mux = new();
        RpcSide[] clients = [new(mux.A), new(mux.A)], servers = [new(mux.B), new(mux.B)];
        for (int i = 0; i < 2; i++)
        {
            clients[i].Open(idHex: $"0{i}");
            servers[i].Open(idHex: $"0{i}");
            servers[i].Offer("who");
            byte[] name = [(byte)i];
            servers[i].Handler = (machine, request) => machine.Reply(request.Token, name);
        }

        foreach (RpcSide client in clients)
            client.Request("who", "");
        bool any = true;
        while (any)
        {
            mux.Run();
            any = clients.Concat(servers).Aggregate(false, (moved, side) => side.Perform() | moved);
        }

        Assert.Equal(["00"], clients[0].Answers);
        Assert.Equal(["01"], clients[1].Answers);
    }

    [Fact]
    public void Answers_that_nobody_waits_for_and_kinds_that_do_not_exist_are_ignored()
    {
        RpcPair pair = RpcPair.Opened();
        ulong id = pair.A.Request("slow", "");
        pair.A.Machine.HandleMessage(1, new byte[] { 0, 0, 0 });
        pair.A.Machine.HandleMessage(1, new byte[] { 0, 9, 0 });
        pair.A.Machine.HandleMessage(2, new byte[] { 1 });
        pair.A.Perform();
        Assert.Null(pair.A.StreamFault);
        Assert.Equal(1, pair.A.Machine.OutstandingRequestCount);
        pair.A.Machine.HandleMessage(1, new byte[] { 0, (byte)id, 0 });
        pair.A.Perform();
        Assert.Equal([""], pair.A.Answers);
    }
}
