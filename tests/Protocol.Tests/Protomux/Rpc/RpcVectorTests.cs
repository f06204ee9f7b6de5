using System.Text.Json;
using AuctionActors.Protocol.Tests.SecretStream;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Protocol.Tests.Protomux.Rpc;

/// <summary>Plays the scenarios that were recorded between two JavaScript RPC instances and compares every message.</summary>
public sealed class RpcVectorTests
{
    private static readonly string ServerKey = new('c', 64);

    private static readonly Dictionary<string, Action<RpcPair>> Scenarios = new()
    {
        ["basic"] = pair =>
        {
            OpenBoth(pair);
            pair.B.Offer("echo", "nothing", "ev");
            pair.A.Request("echo", "hello");
            pair.Run();
            pair.A.Request("nothing", "");
            pair.Run();
            pair.A.Machine.TrySendEvent(new RpcMethod("ev"), "evt"u8.ToArray());
            pair.A.Request("nope", "x");
            pair.Run();
            pair.A.Machine.End();
            Assert.Equal(["68656c6c6f", ""], pair.A.Answers);
            Assert.Equal(["UNKNOWN_METHOD: Unknown method 'nope'"], pair.A.Errors);
            Assert.True(pair.B.Seen<RpcEffect.RequestReceived>().Last().IsEvent);
        },
        ["errors"] = pair =>
        {
            OpenBoth(pair);
            pair.B.Offer("fail", "failcode", "failctx", "badreq");
            pair.B.Machine.AddMethod(new RpcMethod("badres", RpcValueEncoding.Raw));
            pair.B.Handler = (machine, request) => machine.ReplyError(request.Token, request.Method switch
            {
                "fail" => RpcError.RequestFailed(new RpcErrorCause("kaput")),
                "failcode" => RpcError.RequestFailed(new RpcErrorCause("kaput2", "MYCODE")),
                "failctx" => RpcError.RequestFailed(new RpcErrorCause("kaput3", "C3", "some context")),
                _ => RpcError.UnencodableResponse("noenc"),
            });
            foreach (string method in new[] { "fail", "failcode", "failctx", "badreq", "badres" })
            {
                pair.A.Request(method, method == "badreq" ? "" : "v", method is "badreq" or "badres" ? RpcValueEncoding.Raw : RpcValueEncoding.Buffer);
                pair.Run();
            }

            Assert.Equal(new RpcErrorCause("kaput3", "C3", "some context"), pair.A.Seen<RpcEffect.RequestFailed>().ElementAt(2).Error.Cause);
        },
        ["value_encodings"] = pair =>
        {
            OpenBoth(pair, idHex: "aabb");
            pair.B.Offer("up");
            pair.B.Handler = (machine, request) => machine.Reply(request.Token, "ABC"u8.ToArray());
            pair.A.Request("up", "abc");
        },
        ["custom_protocol_and_handshake"] = pair => OpenBoth(pair, "my-rpc", "", "4853", "4853"),
        ["pipelined_before_open"] = pair =>
        {
            pair.Mux.B.Machine.Listen(RpcMachine.DefaultProtocol);
            pair.A.Open();
            pair.A.Request("echo", "early");
            pair.Run();
            pair.B.Offer("echo");
            pair.B.Open();
        },
        ["remote_unpaired"] = pair =>
        {
            pair.A.Open();
            pair.A.Request("echo", "x");
            pair.Run();
            Assert.Equal(["CHANNEL_CLOSED: channel closed"], pair.A.Errors);
        },
        ["timeout"] = pair =>
        {
            OpenBoth(pair);
            pair.B.Offer("slow");
            pair.B.Handler = null;
            pair.A.Request("slow", "x", timeout: TimeSpan.FromMilliseconds(20));
            pair.Run();
            pair.A.Machine.HandleTimeout(pair.A.Machine.NextDeadline!.Value);
            pair.Run();
            Assert.Equal(["TIMEOUT_EXCEEDED: timeout of 20ms exceeded"], pair.A.Errors);
            pair.B.Machine.Reply(pair.B.Seen<RpcEffect.RequestReceived>().Single().Token, default);
        },
        ["destroy_with_pending"] = pair =>
        {
            OpenBoth(pair);
            pair.B.Offer("slow");
            pair.B.Handler = null;
            pair.A.Request("slow", "x");
            pair.Run();
            pair.A.Machine.Destroy();
            pair.Run();
            Assert.Equal(["CHANNEL_DESTROYED: channel destroyed"], pair.A.Errors);
            Assert.True(pair.B.Machine.IsClosed);
        },
        ["cork_two_requests"] = pair =>
        {
            OpenBoth(pair);
            pair.B.Offer("echo");
            pair.Mux.A.Machine.Cork();
            pair.A.Request("echo", "1");
            pair.A.Request("echo", "2");
            pair.Mux.A.Machine.Uncork();
            pair.Mux.Run();
            pair.Mux.B.Machine.Cork();
            pair.B.Perform();
            pair.Mux.B.Machine.Uncork();
        },
        ["hyperswarm_rpc_open_no_capability"] = pair =>
        {
            OpenBoth(pair, idHex: ServerKey);
            pair.B.Offer("echo");
            pair.A.Request("echo", "hello");
        },
        ["hyperswarm_rpc_open_with_capability"] = pair
            => OpenBoth(pair, RpcMachine.DefaultProtocol, ServerKey, "01" + Repeat("01"), "01" + Repeat("02")),
        ["capability_only_on_one_side"] = pair => OpenBoth(pair, RpcMachine.DefaultProtocol, ServerKey, "", "01" + Repeat("02")),
    };

    public static TheoryData<string> Recorded => [.. TransportVectors.Root.GetProperty("protomux_rpc").EnumerateObject().Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Scenario_leaves_the_recorded_messages_on_the_wire(string name)
    {
        RpcPair pair = new();
        pair.B.Handler = (machine, request) => machine.Reply(request.Token, request.Value);
        Scenarios[name](pair);
        pair.Run();
        JsonElement[] wire = [.. TransportVectors.Root.GetProperty("protomux_rpc").GetProperty(name).GetProperty("wire").EnumerateArray()];
        Assert.Equal(Sent(wire, "A"), pair.Mux.A.Wire);
        Assert.Equal(Sent(wire, "B"), pair.Mux.B.Wire);
    }

    [Fact]
    public void All_12_recorded_scenarios_are_played()
    {
        Assert.Equal(12, Recorded.Count);
        Assert.Equal(12, Scenarios.Count);
    }

    private static void OpenBoth(RpcPair pair, string protocol = RpcMachine.DefaultProtocol, string idHex = "", string first = "", string second = "")
    {
        pair.A.Open(protocol, idHex, first);
        pair.B.Open(protocol, idHex, second);
        pair.Run();
    }

    private static string Repeat(string two) => string.Concat(Enumerable.Repeat(two, 32));

    private static IEnumerable<string> Sent(JsonElement[] wire, string side)
        => wire.Where(message => message.GetProperty("from").GetString() == side).Select(message => message.GetProperty("hex").GetString()!);
}
