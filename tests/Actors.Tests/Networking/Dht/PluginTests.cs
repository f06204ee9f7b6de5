using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class PluginTests : HyperDhtKit
{
    private static readonly PluginRequest Asked = new("notes", 2, 5, new byte[] { 1, 2 });

    [Fact]
    public void Requests_reach_who_serves_their_plugin_in_their_version_and_are_answered()
    {
        TestProbe notes = Serve(2), others = CreateTestProbe();
        BootstrapNode.Tell(new HyperDhtProtocol.ServePlugin("others", 2, others.Ref));
        IActorRef asker = Node(isFirewalled: true);
        Ask(asker, 1, Asked with { Version = 1 });
        Ask(asker, 2, Asked with { Plugin = "unknown" });
        Ask(asker, 3, Asked);
        HyperDhtProtocol.PluginRequested requested = notes.ExpectMsg<HyperDhtProtocol.PluginRequested>(Patience);
        Assert.Equal((Asked.Command, "0102"), (requested.Asked.Command, Convert.ToHexString(requested.Asked.Value!.Value.Span)));
        notes.Reply(new DhtNodeProtocol.Answer(requested.Request, DhtAnswer.Success(new byte[] { 9 })));
        DhtNodeProtocol.Replied replied = Client.ExpectMsg<DhtNodeProtocol.Replied>(Patience);
        Assert.Equal((3, DhtError.None, (byte)9), (replied.Tag, replied.Reply.Error, replied.Reply.Value!.Value.Span[0]));
        Client.ExpectMsg<DhtNodeProtocol.RequestFailed>(Patience);
        Client.ExpectMsg<DhtNodeProtocol.RequestFailed>(Patience);
        notes.ExpectNoMsg(TimeSpan.Zero);
        others.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_plugin_is_served_by_its_latest_handler_until_that_stops()
    {
        TestProbe first = Serve(2), second = Serve(2), unheard = CreateTestProbe();
        IActorRef node = Node(isFirewalled: true);
        Stop(first);
        Ask(node, 1, Asked);
        second.ExpectMsg<HyperDhtProtocol.PluginRequested>(Patience);

        Stop(second);
        Sys.EventStream.Subscribe(unheard.Ref, typeof(DeadLetter));
        Ask(node, 2, Asked);
        Client.FishForMessage<DhtNodeProtocol.RequestFailed>(failed => failed.Tag == 2, Patience);
        while (unheard.HasMessages)
            Assert.IsNotType<HyperDhtProtocol.PluginRequested>(unheard.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void An_ephemeral_node_knows_no_plugins()
    {
        IActorRef ephemeral = Node(isFirewalled: false, isEphemeral: true);
        TestProbe notes = CreateTestProbe(), asker = CreateTestProbe();
        ephemeral.Tell(new HyperDhtProtocol.ServePlugin("notes", 2, notes.Ref));
        ephemeral.Tell(new DhtNodeProtocol.GetState(), asker.Ref);
        ushort port = asker.ExpectMsg<DhtNodeState>(Patience).ServerPort;
        BootstrapNode.Tell(new DhtNodeProtocol.SendRequest(1, Asked.To(Bootstrap with { Port = port })), asker.Ref);
        Assert.Equal(DhtError.UnknownCommand, asker.ExpectMsg<DhtNodeProtocol.Replied>(Patience).Reply.Error);
    }

    private TestProbe Serve(ulong version)
    {
        TestProbe handler = CreateTestProbe();
        BootstrapNode.Tell(new HyperDhtProtocol.ServePlugin("notes", version, handler.Ref));
        return handler;
    }

    private void Stop(TestProbe handler)
    {
        Watch(handler.Ref);
        Sys.Stop(handler.Ref);
        ExpectTerminated(handler.Ref, Patience);
    }

    private void Ask(IActorRef from, long tag, PluginRequest request)
        => from.Tell(new DhtNodeProtocol.SendRequest(tag, request.To(Bootstrap)), Client.Ref);
}
