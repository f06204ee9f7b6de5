using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Bees;

/// <summary>Orders are built on each other before the core has answered: what stands on an append that did not happen must not be written.</summary>
public sealed class RefusedAppendTests : TestKit
{
    private const int MaxBlockLength = 200;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly byte[] Small = [1], TooLong = new byte[MaxBlockLength];
    private readonly IActorRef _core;
    private readonly TestProbe _way;
    private readonly IActorRef _bee;

    public RefusedAppendTests()
    {
        KeyPair writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)4, 32)]));
        PeerRuntime runtime = new(
            "test", new SystemClock(), new SeededEntropy(1, "bee"), new UdpPorts(), new MemoryFileStore(), NullEventRecorder.Instance);
        _core = Sys.ActorOf(CoreActor.Props(runtime, new CoreOptions
        {
            Folder = "bee",
            Identity = CoreIdentity.ForWriter(writer),
            Storage = new HypercoreOptions { MaxBlockLength = MaxBlockLength },
        }));
        _way = CreateTestProbe();
        _bee = Sys.ActorOf(BeeActor.Props(_way.Ref, new BeeActorOptions { SharesHints = false }));
        _way.ExpectMsg<CoreProtocol.Subscribe>(Timeout);
        _way.Forward(_core);
        Put(1, "a", Small);
        Assert.Equal([0L, 1L], [PassAppend(), PassAppend()]);
        Assert.Equal(new BeeProtocol.Written(1, 2), ExpectMsg<BeeProtocol.Written>(Timeout));
    }

    [Fact]
    public async Task What_was_built_on_a_refused_append_is_refused_and_the_next_order_begins_where_the_core_ends()
    {
        Put(2, "b", TooLong);
        Put(3, "c", Small);
        Assert.Equal(2, PassAppend());
        Assert.Equal(2, ExpectMsg<BeeProtocol.Failed>(Timeout).Request);
        Put(4, "d", Small);
        Assert.Equal(3, PassAppend());
        Assert.Equal(3, ExpectMsg<BeeProtocol.Failed>(Timeout).Request);
        Assert.Equal(2, PassAppend());
        Assert.Equal(new BeeProtocol.Written(4, 3), ExpectMsg<BeeProtocol.Written>(Timeout));
        await AssertHoldsAsync("a", "d");
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_core_was_cut_is_refused_and_the_next_order_begins_where_the_core_ends()
    {
        Put(2, "b", Small);
        await new CoreClient(_core, Timeout).TruncateAsync(1);
        Assert.Equal(2, PassAppend());
        Assert.Equal(2, ExpectMsg<BeeProtocol.Failed>(Timeout).Request);
        Put(3, "c", Small);
        Assert.Equal(1, PassAppend());
        Assert.Equal(new BeeProtocol.Written(3, 2), ExpectMsg<BeeProtocol.Written>(Timeout));
        await AssertHoldsAsync("c");
    }

    [Fact]
    public async Task An_entry_that_is_too_large_for_any_block_is_refused_alone()
    {
        Put(2, "b", new byte[BeeLimits.MaxBlockBytes + 1]);
        Put(3, "c", Small);
        Put(4, "d", new byte[BeeLimits.MaxBlockBytes - 4]);
        Put(5, "e", Small);
        Assert.Equal([2L, 3L], [PassAppend(), PassAppend()]);
        Assert.Equal((2L, BeeProblem.TooLarge), ProblemOf(ExpectMsg<BeeProtocol.Failed>(Timeout)));
        Assert.Equal((4L, BeeProblem.TooLarge), ProblemOf(ExpectMsg<BeeProtocol.Failed>(Timeout)));
        Assert.Equal(new BeeProtocol.Written(3, 3), ExpectMsg<BeeProtocol.Written>(Timeout));
        Assert.Equal(new BeeProtocol.Written(5, 4), ExpectMsg<BeeProtocol.Written>(Timeout));
        await AssertHoldsAsync("a", "c", "e");
    }

    private static (long Request, BeeProblem Problem) ProblemOf(BeeProtocol.Failed failed) => (failed.Request, failed.Problem);

    private void Put(long request, string key, byte[] value)
        => _bee.Tell(new BeeProtocol.Write(request, [new BeeEdit(Encoding.UTF8.GetBytes(key), value)]), TestActor);

    /// <summary>Lets the next append through to the core and answers where it is to stand.</summary>
    private long? PassAppend()
    {
        CoreProtocol.Append append = _way.ExpectMsg<CoreProtocol.Append>(Timeout);
        _way.Forward(_core);
        return append.At;
    }

    // By a bee of its own, which has nothing in memory.
    private async Task AssertHoldsAsync(params string[] keys)
        => Assert.Equal(
            keys, (await new BeeClient(Sys.ActorOf(BeeActor.Props(_core)), Timeout).ListAsync()).Select(entry => Encoding.UTF8.GetString(entry.Key.Span)));
}
