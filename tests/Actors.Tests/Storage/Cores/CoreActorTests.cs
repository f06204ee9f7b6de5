using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class CoreActorTests : TestKit
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()));

    private readonly Queue<Action> _flushes = new();
    private readonly MemoryFileStore _store;
    private bool _flushesWait;

    public CoreActorTests()
        => _store = new MemoryFileStore(finish =>
        {
            if (_flushesWait)
                _flushes.Enqueue(finish);
            else
                finish();
        });

    [Fact]
    public void An_append_is_answered_only_when_it_is_on_disk()
    {
        IActorRef core = OpenWriter("core");
        _flushesWait = true;
        core.Tell(new CoreProtocol.Append(7, [Text("hello")]));
        core.Tell(new CoreProtocol.GetInfo(8));
        Assert.Equal(0, ExpectMsg<CoreProtocol.Info>().Core.Length);
        FinishFlushes();
        CoreProtocol.Done done = ExpectMsg<CoreProtocol.Done>();
        Assert.Equal((7, 0, 1), (done.Request, done.Start, done.Tree.Length));
    }

    [Fact]
    public void What_was_accepted_can_be_read_before_it_is_on_disk()
    {
        IActorRef core = OpenWriter("core");
        _flushesWait = true;
        core.Tell(new CoreProtocol.Append(1, [Text("a"), Text("b")]));
        core.Tell(new CoreProtocol.GetBlock(2, 1));
        Assert.Equal("b", Read(ExpectMsg<CoreProtocol.Block>()));
    }

    [Fact]
    public void Everything_answered_survives_a_power_cut_and_nothing_else_is_made_up()
    {
        Random random = new(11);
        for (int round = 0; round < 12; round++)
        {
            string folder = $"core-{round}";
            IActorRef core = OpenWriter(folder, new HypercoreOptions { MaxOplogBytes = 700 });
            _flushesWait = true;
            long answered = 0;
            for (int i = 0; i < 20; i++)
            {
                core.Tell(new CoreProtocol.Append(i, [Text($"block-{i}")]));
                answered = Math.Max(answered, Settle(core));
                if (random.Next(3) == 0 && _flushes.TryDequeue(out Action? finish))
                    finish();
                answered = Math.Max(answered, Settle(core));
            }

            _store.LoseUnflushed();
            _flushes.Clear();
            _flushesWait = false;
            Stop(core);
            CoreInfo info = Info(Open(folder, null));
            Assert.InRange(info.Length, answered, 20);
            Assert.True(info.Writable);
        }
    }

    [Fact]
    public async Task A_snapshot_keeps_its_length_and_refuses_what_was_cut_since()
    {
        CoreClient core = new(OpenWriter("core"), TimeSpan.FromSeconds(20));
        await core.AppendAsync([.. Enumerable.Range(0, 10).Select(i => Text($"block-{i}"))]);
        CoreSnapshot snapshot = await core.SnapshotAsync();
        await core.AppendAsync(Text("later"));
        await core.TruncateAsync(6);
        await core.AppendAsync(Text("another 6"));
        CoreSnapshot second = await core.SnapshotAsync();
        await core.TruncateAsync(4);
        Assert.Equal((10, 0), (snapshot.Length, snapshot.Fork));
        Assert.Equal("block-3", Encoding.UTF8.GetString((await snapshot.GetAsync(3))!.Value.Span));
        foreach (CoreSnapshot one in (CoreSnapshot[])[snapshot, second])
        {
            CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => one.GetAsync(4));
            Assert.Equal(CoreProblem.OutOfRange, failed.Problem);
        }
    }

    [Fact]
    public async Task Bytes_are_found_and_read_across_blocks()
    {
        CoreClient core = new(OpenWriter("core"), TimeSpan.FromSeconds(20));
        await core.AppendAsync(Text("hello"), Text(""), Text("wide"), Text("world"));
        Assert.Equal((0, 4), await core.SeekAsync(4));
        Assert.Equal((2, 0), await core.SeekAsync(5));
        Assert.Equal((3, 4), await core.SeekAsync(13));
        Assert.Equal((4, 0), await core.SeekAsync(14));
        Assert.Null(await core.TrySeekAsync(15));
        await Assert.ThrowsAsync<CoreFailedException>(() => core.SeekAsync(-1));
        await Assert.ThrowsAsync<CoreFailedException>(() => core.SeekAsync(1L << 53));
        StringBuilder read = new();
        await foreach (ReadOnlyMemory<byte> part in core.ReadBytesAsync(3, 8))
            read.Append(Encoding.UTF8.GetString(part.Span)).Append('|');
        Assert.Equal("lo|wide|wo|", read.ToString());
    }

    [Fact]
    public async Task A_live_stream_goes_on_with_what_is_appended()
    {
        CoreClient core = new(OpenWriter("core"), TimeSpan.FromSeconds(20));
        await core.AppendAsync(Text("0"), Text("1"));
        await using IAsyncEnumerator<ReadOnlyMemory<byte>> stream = core.ReadAsync(live: true).GetAsyncEnumerator();
        for (int i = 0; i < 5; i++)
        {
            ValueTask<bool> next = stream.MoveNextAsync();
            if (i >= 2)
                await core.AppendAsync(Text($"{i}"));
            Assert.True(await next);
            Assert.Equal($"{i}", Encoding.UTF8.GetString(stream.Current.Span));
        }
    }

    [Fact]
    public void A_reader_takes_blocks_and_upgrades_out_of_proofs()
    {
        IActorRef writer = OpenWriter("writer");
        writer.Tell(new CoreProtocol.Append(1, [.. Enumerable.Range(0, 10).Select(i => Text($"block-{i}"))]));
        CoreKey key = Info(writer, skip: 1).Key;
        IActorRef reader = Open("reader", CoreIdentity.ForReader(key));
        reader.Tell(new CoreProtocol.Subscribe(1));
        Assert.Empty(ExpectMsg<CoreProtocol.Subscribed>().Stored);
        reader.Tell(new CoreProtocol.GetBlock(2, 5));
        Assert.Equal(5, ExpectMsg<CoreProtocol.BlockNeeded>().Index);

        Assert.Equal(ProofOutcome.Accepted, Exchange(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, 10))));
        Assert.IsType<CoreProtocol.ManifestKnown>(FishForMessage(message => message is CoreProtocol.ManifestKnown));
        Assert.Equal(10, Assert.IsType<CoreProtocol.Grown>(FishForMessage(message => message is CoreProtocol.Grown)).Core.Length);
        reader.Tell(new CoreProtocol.GetMissing(3, [4, 5]));
        NodeTarget[] missing = [.. ExpectMsg<CoreProtocol.MissingBlocks>().Blocks];
        Assert.Equal(ProofOutcome.Accepted, Exchange(writer, reader, new ProofRequest(Block: missing[1])));
        Assert.Equal("block-5", Read((CoreProtocol.Block)FishForMessage(message => message is CoreProtocol.Block)));
        Assert.Equal(5, ((CoreProtocol.BlocksChanged)FishForMessage(message => message is CoreProtocol.BlocksChanged)).Start);
    }

    [Fact]
    public void A_core_keeps_its_blocks_user_data_and_fork_across_a_restart()
    {
        IActorRef core = OpenWriter("core");
        core.Tell(new CoreProtocol.Append(1, [Text("a"), Text("b"), Text("c")]));
        core.Tell(new CoreProtocol.SetUserData(2, "name", Text("pic")));
        core.Tell(new CoreProtocol.Truncate(3, 2));
        ExpectMsg<CoreProtocol.Done>();
        ExpectMsg<CoreProtocol.Done>();
        ExpectMsg<CoreProtocol.Done>();
        CoreInfo before = Info(core);
        Stop(core);

        IActorRef again = Open("core", null);
        CoreInfo after = Info(again);
        Assert.Equal((2, 1, before.Tree.Hash), (after.Length, after.Fork, after.Tree.Hash));
        again.Tell(new CoreProtocol.GetUserData(4));
        Assert.Equal("name", ExpectMsg<CoreProtocol.UserData>().Items.Single().Key);
    }

    [Fact]
    public void A_folder_has_one_core_actor_at_a_time()
    {
        Info(OpenWriter("core"));
        IActorRef second = ActorOf(CoreActor.Props(Runtime, new CoreOptions { Folder = "core" }));
        second.Tell(new CoreProtocol.GetInfo(1));
        Assert.Equal(CoreProblem.Locked, ExpectMsg<CoreProtocol.Failed>().Problem);
    }

    [Fact]
    public void A_folder_without_a_core_another_core_and_a_newer_format_are_refused_by_name()
    {
        Assert.Equal(CoreProblem.NotFound, ProblemOf("nothing", null));
        Stop(OpenWriter("core"));
        CoreIdentity other = CoreIdentity.ForReader(new CoreKey(new Bytes32(new byte[32])));
        Assert.Equal(CoreProblem.OtherCore, ProblemOf("core", other));
        using (IFileFolder rocks = _store.OpenFolder("rocks", FolderAccess.Write))
            rocks.Submit(new FileBatch([new FileWrite("CURRENT", 0, Text("x"))], false), _ => { });
        Assert.Equal(CoreProblem.WrongVersion, ProblemOf("rocks", CoreIdentity.ForWriter(s_keyPair)));
    }

    [Fact]
    public void Damage_is_named_with_file_and_offset()
    {
        IActorRef core = OpenWriter("core", new HypercoreOptions { MaxOplogBytes = 1 });
        core.Tell(new CoreProtocol.Append(1, [Text("a")]));
        ExpectMsg<CoreProtocol.Done>();
        Stop(core);
        using (IFileFolder folder = _store.OpenFolder("core", FolderAccess.Write))
            folder.Submit(new FileBatch([new FileWrite("tree", 10, Text("!"))], false), _ => { });
        IActorRef damaged = ActorOf(CoreActor.Props(Runtime, new CoreOptions { Folder = "core" }));
        damaged.Tell(new CoreProtocol.GetInfo(1));
        CoreProtocol.Failed failed = ExpectMsg<CoreProtocol.Failed>();
        Assert.Equal(CoreProblem.Corrupt, failed.Problem);
        Assert.Contains("tree at byte 0", failed.Reason, StringComparison.Ordinal);
    }

    private PeerRuntime Runtime => new(
        "peer", SystemClock.Instance, new SeededEntropy(1, "test"), new UdpPorts(), _store, NullEventRecorder.Instance);

    private IActorRef OpenWriter(string folder, HypercoreOptions? storage = null)
        => Open(folder, CoreIdentity.ForWriter(s_keyPair), storage);

    private IActorRef Open(string folder, CoreIdentity? identity, HypercoreOptions? storage = null)
    {
        CoreOptions options = new() { Folder = folder, Identity = identity, Storage = storage ?? new HypercoreOptions() };
        return Sys.ActorOf(CoreActor.Props(Runtime, options));
    }

    private CoreProblem ProblemOf(string folder, CoreIdentity? identity)
    {
        IActorRef core = Sys.ActorOf(CoreActor.Props(Runtime, new CoreOptions { Folder = folder, Identity = identity }));
        core.Tell(new CoreProtocol.GetInfo(1));
        return ExpectMsg<CoreProtocol.Failed>().Problem;
    }

    private ProofOutcome Exchange(IActorRef from, IActorRef to, ProofRequest request)
    {
        from.Tell(new CoreProtocol.Prove(1, request, Manifest: true));
        MerkleProof proof = ((CoreProtocol.Proven)FishForMessage(message => message is CoreProtocol.Proven)).Proof!;
        to.Tell(new CoreProtocol.Verify(2, proof));
        return ExpectMsg<CoreProtocol.Verified>().Outcome;
    }

    private CoreInfo Info(IActorRef core, int skip = 0)
    {
        for (int i = 0; i < skip; i++)
            ExpectMsg<CoreProtocol.Done>();
        core.Tell(new CoreProtocol.GetInfo(99));
        return ExpectMsg<CoreProtocol.Info>().Core;
    }

    private void Stop(IActorRef core)
    {
        Watch(core);
        Sys.Stop(core);
        FishForMessage(message => message is Terminated);
    }

    // Waits until the core has handled everything; the greatest length of which it has said meanwhile that it is on disk.
    private long Settle(IActorRef core)
    {
        long answered = 0;
        core.Tell(new CoreProtocol.GetInfo(99));
        while (true)
        {
            switch (ExpectMsg<object>())
            {
                case CoreProtocol.Done done:
                    answered = Math.Max(answered, done.Tree.Length);
                    break;
                case CoreProtocol.Info:
                    return answered;
            }
        }
    }

    private void FinishFlushes()
    {
        _flushesWait = false;
        while (_flushes.TryDequeue(out Action? finish))
            finish();
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string Read(CoreProtocol.Block block) => Encoding.UTF8.GetString(block.Bytes!.Value.Span);
}
