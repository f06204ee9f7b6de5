using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Bees;

public sealed class BeeActorTests : TestKit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly KeyPair Writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)4, 32)]));
    private readonly MemoryFileStore _files = new();

    [Fact]
    public async Task What_was_put_is_read_back_and_what_was_deleted_is_gone()
    {
        BeeClient bee = new(Open("bee"), Timeout);
        Assert.Equal(2, await bee.PutAsync("a", "1"));
        Assert.Equal(3, await bee.PutAsync("b", "2"));
        Assert.Equal(4, await bee.DeleteAsync("a"));
        Assert.Equal(4, await bee.DeleteAsync("nothing"));
        Assert.Null(await bee.GetAsync("a"));
        Assert.Equal("2", Text((await bee.GetAsync("b"))!.Value!.Value));
        Assert.Equal("1", Text((await bee.GetAsync("a", version: 2))!.Value!.Value));
        Assert.Equal([false, false, true], (await bee.HistoryAsync()).Select(change => change.IsDeletion));
    }

    [Fact]
    public void Orders_given_without_waiting_are_carried_out_in_order()
    {
        IActorRef bee = Open("bee");
        for (int i = 0; i < 200; i++)
            bee.Tell(new BeeProtocol.Write(i, [Put($"k{i % 50:d2}", $"v{i}")]), TestActor);
        for (int i = 0; i < 200; i++)
            Assert.Equal(new BeeProtocol.Written(i, i + 2), ExpectMsg<BeeProtocol.Written>(Timeout));
        bee.Tell(new BeeProtocol.GetRange(7, new BeeRange { Limit = 3, Reverse = true }), TestActor);
        Assert.Equal(["k49=v199", "k48=v198", "k47=v197"], ExpectMsg<BeeProtocol.Entries>(Timeout).Found.Select(Describe));
    }

    [Fact]
    public async Task A_condition_decides_over_an_existing_key_only()
    {
        BeeClient bee = new(Open("bee"), Timeout);
        Assert.Equal(2, await bee.PutAsync("a", "1", _ => false));
        Assert.Equal(2, await bee.PutAsync("a", "2", existing => Text(existing.Value!.Value) != "1"));
        Assert.Equal(3, await bee.PutAsync("a", "2", existing => Text(existing.Value!.Value) == "1"));
        Assert.Equal(3, await bee.DeleteAsync("a", _ => false));
        Assert.Equal(4, await bee.DeleteAsync("a", existing => Text(existing.Value!.Value) == "2"));
    }

    [Fact]
    public async Task A_batch_sees_what_it_has_written_and_an_empty_one_writes_nothing()
    {
        BeeClient bee = new(Open("bee"), Timeout);
        Assert.Equal(3, await bee.WriteAsync(
            Put("a", "1"),
            Put("a", "2") with { Condition = existing => Text(existing.Value!.Value) == "1" },
            Put("a", "3") with { Condition = existing => Text(existing.Value!.Value) == "1" }));
        Assert.Equal("2", Text((await bee.GetAsync("a"))!.Value!.Value));
        Assert.Equal(3, await bee.WriteAsync());
        Assert.Equal(5, await bee.WriteAsync(Put("b", "1"), new BeeEdit("b"u8.ToArray(), null, IsDeletion: true)));
        Assert.Null(await bee.GetAsync("b"));
    }

    [Fact]
    public async Task A_bee_of_another_writer_is_not_written_not_even_its_header()
    {
        IActorRef core = OpenCore("copy", CoreIdentity.ForReader(CoreIdentity.ForWriter(Writer).Key));
        BeeClient bee = new(Sys.ActorOf(BeeActor.Props(core)), Timeout);
        for (int i = 0; i < 2; i++)
        {
            BeeFailedException failed = await Assert.ThrowsAsync<BeeFailedException>(() => bee.PutAsync("a", "1"));
            Assert.Equal(BeeProblem.CoreFailed, failed.Problem);
            Assert.DoesNotContain("the core ends at", failed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await new CoreClient(core, Timeout).GetInfoAsync()).Length);
        Assert.Null(await bee.GetAsync("a"));
    }

    [Fact]
    public async Task A_bee_that_is_opened_to_be_read_is_not_written()
    {
        IActorRef core = OpenCore("bee");
        await new BeeClient(Sys.ActorOf(BeeActor.Props(core)), Timeout).PutAsync("a", "1");
        await new CoreClient(core, Timeout).CloseAsync();
        BeeClient bee = new(Sys.ActorOf(BeeActor.Props(OpenCore("bee", storage: new HypercoreOptions { ReadOnly = true }))), Timeout);
        Assert.Equal(BeeProblem.CoreFailed, (await Assert.ThrowsAsync<BeeFailedException>(() => bee.PutAsync("a", "2"))).Problem);
        Assert.Equal("1", Text((await bee.GetAsync("a"))!.Value!.Value));
    }

    [Fact]
    public void More_watches_and_questions_than_may_wait_are_refused_at_once()
    {
        IActorRef bee = Sys.ActorOf(BeeActor.Props(OpenCore("bee"), new BeeActorOptions { MaxWaiting = 2 }));
        for (int i = 0; i < 3; i++)
            bee.Tell(new BeeProtocol.Watch(i, BeeRange.All), TestActor);
        Assert.Equal([0L, 1L], [ExpectMsg<BeeProtocol.Watching>(Timeout).Request, ExpectMsg<BeeProtocol.Watching>(Timeout).Request]);
        BeeProtocol.Failed refused = ExpectMsg<BeeProtocol.Failed>(Timeout);
        Assert.Equal((2L, BeeProblem.Busy), (refused.Request, refused.Problem));
        bee.Tell(new BeeProtocol.Cancel(1), TestActor);
        bee.Tell(new BeeProtocol.Write(3, [Put("a", "1"), Put("b", "1")]), TestActor);
        Assert.Equal(3, ExpectMsg<BeeProtocol.Written>(Timeout).Version);
        BeeProtocol.RangeChanged changed = ExpectMsg<BeeProtocol.RangeChanged>(Timeout);
        Assert.Equal((0L, 3L), (changed.Request, changed.NewVersion));
    }

    [Fact]
    public async Task Versions_are_compared_and_changes_read_by_their_number()
    {
        BeeClient bee = new(Open("bee"), Timeout);
        for (int i = 0; i < 40; i++)
            await bee.PutAsync($"k{i:d2}", "old");
        long before = await bee.PutAsync("k40", "old");
        await bee.PutAsync("k07", "new");
        await bee.DeleteAsync("k09");
        await bee.PutAsync("k99", "new");
        Assert.Equal(
            ["k07 8/42", "k09 10/-", "k99 -/44"],
            (await bee.DiffAsync(right: 45, left: before)).Select(one =>
                $"{Text((one.Left ?? one.Right)!.Key)} {one.Left?.Sequence.ToString() ?? "-"}/{one.Right?.Sequence.ToString() ?? "-"}"));
        Assert.Equal("k09", Text((await bee.GetBySequenceAsync(43))!.Entry.Key));
        Assert.True((await bee.GetBySequenceAsync(43))!.IsDeletion);
        Assert.Null(await bee.GetBySequenceAsync(45));
        Assert.Equal("k00", Text((await bee.PeekAsync(BeeRange.All))!.Key));
        Assert.Equal("k99", Text((await bee.PeekAsync(new BeeRange { Reverse = true }))!.Key));
        Assert.Equal([44UL, 43UL], (await bee.HistoryAsync(from: -3, reverse: true, limit: 2)).Select(change => change.Entry.Sequence));
    }

    [Fact]
    public async Task A_watch_tells_of_its_own_range_only_and_of_cuts()
    {
        IActorRef core = OpenCore("bee"), bee = Sys.ActorOf(BeeActor.Props(core));
        BeeClient client = new(bee, Timeout);
        await client.PutAsync("b", "1");
        bee.Tell(new BeeProtocol.Watch(5, new BeeRange { GreaterOrEqual = "b"u8.ToArray(), LessThan = "c"u8.ToArray() }), TestActor);
        Assert.Equal(new BeeProtocol.Watching(5, 2), ExpectMsg<BeeProtocol.Watching>(Timeout));
        await client.PutAsync("a", "1");
        await client.PutAsync("z", "1");
        await client.PutAsync("b", "2");
        BeeProtocol.RangeChanged changed = ExpectMsg<BeeProtocol.RangeChanged>(Timeout);
        Assert.Equal(5, changed.NewVersion);
        await new CoreClient(core, Timeout).TruncateAsync(3);
        Assert.Equal(new BeeProtocol.RangeChanged(5, 5, 3), ExpectMsg<BeeProtocol.RangeChanged>(Timeout));
        bee.Tell(new BeeProtocol.Cancel(5), TestActor);
        await client.PutAsync("b", "3");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_live_history_tells_what_is_written_later_and_goes_on_after_a_cut()
    {
        IActorRef core = OpenCore("bee"), bee = Sys.ActorOf(BeeActor.Props(core));
        BeeClient client = new(bee, Timeout);
        await using IAsyncEnumerator<BeeChange> live = client.FollowAsync(1).GetAsyncEnumerator();
        ValueTask<bool> first = live.MoveNextAsync();
        await client.PutAsync("a", "1");
        Assert.True(await first);
        Assert.Equal("1 a put", Describe(live.Current));
        ValueTask<bool> second = live.MoveNextAsync();
        await client.DeleteAsync("a");
        Assert.True(await second);
        Assert.Equal("2 a del", Describe(live.Current));
        ValueTask<bool> third = live.MoveNextAsync();
        await new CoreClient(core, Timeout).TruncateAsync(2);
        await client.PutAsync("b", "2");
        Assert.True(await third);
        Assert.Equal("2 b put", Describe(live.Current));

        bee.Tell(new BeeProtocol.GetHistory(7, 3) { Waits = true }, TestActor);
        bee.Tell(new BeeProtocol.Cancel(7), TestActor);
        bee.Tell(new BeeProtocol.GetHistory(8, 9) { Waits = true }, TestActor);
        Assert.Equal(3, ExpectMsg<BeeProtocol.History>(answer => Assert.Equal(8, answer.Request), Timeout).CutTo);
    }

    [Fact]
    public async Task An_answer_that_grows_too_large_ends_early_says_so_and_is_gone_on_with()
    {
        IActorRef bee = Sys.ActorOf(BeeActor.Props(OpenCore("bee"), new BeeActorOptions { MaxAnswerBytes = 1000 }));
        BeeClient client = new(bee, Timeout);
        string value = new('v', 300);
        await client.WriteAsync([.. Enumerable.Range(0, 20).Select(i => Put($"k{i:d2}", value))]);
        bee.Tell(new BeeProtocol.GetRange(1, BeeRange.All), TestActor);
        BeeProtocol.Entries cut = ExpectMsg<BeeProtocol.Entries>(Timeout);
        Assert.Equal((4, true), (cut.Found.Length, cut.IsCut));
        bee.Tell(new BeeProtocol.GetRange(2, new BeeRange { Limit = 3 }), TestActor);
        Assert.False(ExpectMsg<BeeProtocol.Entries>(Timeout).IsCut);
        Assert.Equal(20, await client.ScanAsync(BeeRange.All, 21).CountAsync());
        Assert.Equal(7, await client.ScanAsync(new BeeRange { Limit = 7, Reverse = true }, 21).CountAsync());
        Assert.Equal(20, await client.DifferencesAsync(21, 1, BeeRange.All).CountAsync());
        Assert.Equal(Enumerable.Range(1, 20).Reverse(), await client.ChangesAsync(1, 21, reverse: true).Select(change => (int)change.Entry.Sequence).ToArrayAsync());
    }

    [Fact]
    public async Task A_bee_that_is_opened_again_reads_its_blocks_from_the_core()
    {
        IActorRef core = OpenCore("bee");
        IActorRef first = Sys.ActorOf(BeeActor.Props(core));
        await new BeeClient(first, Timeout).WriteAsync([.. Enumerable.Range(0, 300).Select(i => Put($"k{i:d3}", $"v{i}"))]);
        BeeClient again = new(Sys.ActorOf(BeeActor.Props(core)), Timeout);
        Assert.Equal(300, (await again.ListAsync()).Length);
        Assert.Equal("v222", Text((await again.GetAsync("k222"))!.Value!.Value));
        Assert.Equal(302, await again.PutAsync("k222", "new"));
    }

    [Fact]
    public async Task A_core_that_holds_something_else_is_reported()
    {
        IActorRef core = OpenCore("log");
        await new CoreClient(core, Timeout).AppendAsync([new byte[] { 1, 2, 3 }, new byte[] { 0xff, 0xff }]);
        BeeFailedException failed = await Assert.ThrowsAsync<BeeFailedException>(
            () => new BeeClient(Sys.ActorOf(BeeActor.Props(core)), Timeout).GetAsync("a"));
        Assert.Equal(BeeProblem.Malformed, failed.Problem);
    }

    private IActorRef Open(string folder) => Sys.ActorOf(BeeActor.Props(OpenCore(folder)));

    private IActorRef OpenCore(string folder, CoreIdentity? identity = null, HypercoreOptions? storage = null)
    {
        PeerRuntime runtime = new(
            "test", new SystemClock(), new SeededEntropy(1, "bee"), new UdpPorts(), _files, NullEventRecorder.Instance);
        return Sys.ActorOf(CoreActor.Props(runtime, new CoreOptions
        {
            Folder = folder,
            Identity = identity ?? CoreIdentity.ForWriter(Writer),
            Storage = storage ?? new HypercoreOptions(),
        }));
    }

    private static BeeEdit Put(string key, string value) => new(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    private static string Describe(BeeEntry entry) => $"{Text(entry.Key)}={Text(entry.Value!.Value)}";

    private static string Describe(BeeChange change) => $"{change.Entry.Sequence} {Text(change.Entry.Key)} {(change.IsDeletion ? "del" : "put")}";

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
