using System.Text.Json;
using AuctionActors.Protocol.Tests.SecretStream;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>Plays the scenarios that were recorded between two JavaScript multiplexers and compares every message.</summary>
public sealed class ProtomuxVectorTests
{
    private const string Name = "test/1";
    private const string Id = "aabb";

    private static readonly Dictionary<string, Action<MuxPair>> Scenarios = new()
    {
        ["open_message_close"] = pair =>
        {
            (int a, int b) = OpenBoth(pair);
            pair.A.Say(a, "hello");
            pair.A.Machine.Send(a, 1, [0xfd, 0x2c, 0x01]);
            pair.B.Say(b, "yo");
            pair.Run();
            pair.A.Machine.Close(a);
        },
        ["open_with_handshake_noid"] = pair =>
        {
            pair.A.Open(Name, "", handshake: "\ths-from-a");
            pair.B.Open(Name, "", handshake: "\ths-from-b");
        },
        ["reject_unpaired"] = pair => pair.A.Say(pair.A.Open(Name, Id), "dropped"),
        ["pair_notify_then_open"] = pair =>
        {
            pair.B.Machine.Listen(Name);
            pair.A.Say(pair.A.Open(Name, Id), "early, buffered by B until open");
            pair.Run();
            pair.B.Open(Name, Id);
        },
        ["cork_batch_same_channel"] = pair =>
        {
            (int a, _) = OpenBoth(pair);
            pair.A.Machine.Cork();
            pair.A.Say(a, "a");
            pair.A.Say(a, "b");
            pair.A.Machine.Send(a, 1, [7]);
            pair.A.Machine.Uncork();
        },
        ["cork_batch_two_channels_open_and_close"] = pair =>
        {
            pair.B.Open(Name, Id);
            pair.B.Open("test/2", "");
            pair.Run();
            pair.A.Machine.Cork();
            int first = pair.A.Open(Name, Id);
            pair.A.Say(first, "1a");
            int second = pair.A.Open("test/2", "");
            pair.A.Say(second, "2a");
            pair.A.Say(second, "2b");
            pair.A.Say(first, "1b");
            pair.A.Machine.Close(second);
            pair.A.Machine.Uncork();
        },
        ["id_reuse_after_close"] = pair =>
        {
            pair.A.Machine.Close(OpenBoth(pair).A);
            pair.Run();
            pair.A.Machine.Close(OpenBoth(pair).A);
        },
        ["local_ids_differ"] = pair =>
        {
            pair.A.Open("zzz", "");
            (int a, int b) = OpenBoth(pair);
            pair.A.Say(a, "from A uses A local id");
            pair.B.Say(b, "from B uses B local id");
        },
        ["alias_both_sides"] = pair =>
        {
            int a = pair.A.Open("old-name", "", aliases: ["new-name"]);
            pair.B.Open("new-name", "", aliases: ["old-name"]);
            pair.Run();
            pair.A.Say(a, "via alias");
        },
        ["alias_one_side"] = pair =>
        {
            pair.A.Open("old-name", "");
            pair.B.Open("new-name", "", aliases: ["old-name"]);
        },
        ["close_before_remote_open"] = pair =>
        {
            pair.A.Machine.Close(pair.A.Open(Name, Id));
            pair.Run();
            pair.B.Open(Name, Id);
        },
        ["duplicate_unique"] = pair =>
        {
            pair.A.Open(Name, Id);
            Assert.Equal(0, pair.A.Open(Name, Id));
        },
        ["non_unique_two"] = pair =>
        {
            int first = pair.A.Open(Name, Id, unique: false), second = pair.A.Open(Name, Id, unique: false);
            pair.B.Open(Name, Id, unique: false);
            pair.B.Open(Name, Id, unique: false);
            pair.Run();
            pair.A.Say(first, "on first");
            pair.A.Say(second, "on second");
        },
        ["unknown_message_type_ignored"] = pair => SayAfter(pair, "010900"),
        ["unknown_channel_ignored"] = pair => SayAfter(pair, "0500"),
        ["invalid_open_id_gap"] = pair => AssertFault(pair, "000105017800"),
        ["invalid_reject"] = pair => AssertFault(pair, "000209"),
        ["open_control_zero"] = pair => AssertFault(pair, "000100017800"),
        ["unknown_control_type_ignored"] = pair =>
        {
            pair.Inject("000709");
            Assert.Null(pair.B.Fault);
        },
        ["batch_control_close_then_reopen"] = pair =>
        {
            (int a, _) = OpenBoth(pair);
            pair.A.Machine.Cork();
            pair.A.Say(a, "last");
            pair.A.Machine.Close(a);
            pair.A.Machine.Uncork();
        },
        ["slow_batch_reply_is_corked"] = pair =>
        {
            (int a, int b) = OpenBoth(pair);
            pair.A.Machine.Cork();
            pair.A.Say(a, "1");
            pair.A.Say(a, "2");
            pair.A.Machine.Uncork();
            pair.Run();
            pair.B.Machine.Cork();
            pair.B.Say(b, "sent while corked");
            pair.B.Say(b, "re:1");
            pair.B.Say(b, "re:2");
            pair.B.Machine.Uncork();
        },
        ["onmessage_throw_destroys"] = pair =>
        {
            (int a, _) = OpenBoth(pair);
            pair.A.Say(a, "x");
            pair.Run();
            pair.B.Machine.HandleStreamClosed();
        },
        ["extra_handshake_bytes"] = pair =>
        {
            pair.A.Open(Name, Id, handshake: "\u0005extra");
            pair.B.Open(Name, Id);
        },
    };

    public static TheoryData<string> Recorded => [.. TransportVectors.Root.GetProperty("protomux").EnumerateObject().Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Scenario_leaves_the_recorded_messages_on_the_wire(string name)
    {
        MuxPair pair = new();
        Scenarios[name](pair);
        pair.Run();
        JsonElement[] wire = [.. TransportVectors.Root.GetProperty("protomux").GetProperty(name).GetProperty("wire").EnumerateArray()];
        Assert.Equal(Sent(wire, "A"), pair.A.Wire);
        Assert.Equal(Sent(wire, "B"), pair.B.Wire);
    }

    [Fact]
    public void All_23_recorded_scenarios_are_played()
    {
        Assert.Equal(23, Recorded.Count);
        Assert.Equal(23, Scenarios.Count);
    }

    private static IEnumerable<string> Sent(JsonElement[] wire, string side)
        => wire.Where(message => message.GetProperty("from").GetString() == side).Select(message => message.GetProperty("hex").GetString()!);

    private static (int A, int B) OpenBoth(MuxPair pair)
    {
        int a = pair.A.Open(Name, Id), b = pair.B.Open(Name, Id);
        pair.Run();
        return (a, b);
    }

    private static void SayAfter(MuxPair pair, string ignored)
    {
        (int a, _) = OpenBoth(pair);
        pair.Inject(ignored);
        pair.A.Say(a, "still alive");
        pair.Run();
        Assert.Equal(["still alive"], pair.B.Texts);
    }

    private static void AssertFault(MuxPair pair, string hex)
    {
        pair.Inject(hex);
        Assert.NotNull(pair.B.Fault);
    }
}
