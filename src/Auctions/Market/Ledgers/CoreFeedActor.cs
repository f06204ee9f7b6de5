using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>Reads one followed core from its first block on and goes on as it grows.</summary>
public sealed class CoreFeedActor : ReceiveActor
{
    private const int Window = 64;

    private readonly PublicKey _key;
    private readonly IActorRef _core;
    private readonly OrderedBlocks _blocks = new(Window);
    private Bytes32 _treeHash;

    public CoreFeedActor(PublicKey key, IActorRef core)
    {
        _key = key;
        _core = core;
        Receive<CoreProtocol.Subscribed>(subscribed =>
        {
            _treeHash = subscribed.Core.Tree.Hash;
            foreach (BlockRun run in subscribed.Stored)
                _blocks.HandleStored(run.Start, run.Count);
            Ask();
        });
        Receive<CoreProtocol.Grown>(grown => _treeHash = grown.Core.Tree.Hash);
        Receive<CoreProtocol.BlocksChanged>(changed =>
        {
            if (!changed.Dropped)
                _blocks.HandleStored(changed.Start, changed.Count);
            Ask();
        });
        Receive<CoreProtocol.Cut>(cut =>
        {
            _treeHash = cut.Core.Tree.Hash;
            _blocks.HandleCut(cut.Ancestors);
        });
        Receive<CoreProtocol.Block>(Take);
        Receive<CoreProtocol.IEvent>(_ => { });
    }

    public static Props Props(PublicKey key, IActorRef core) => ActorProps.Of(() => new CoreFeedActor(key, core));

    protected override void PreStart() => _core.Tell(new CoreProtocol.Subscribe(0));

    protected override void PostStop() => _core.Tell(new CoreProtocol.Unsubscribe(0));

    private void Ask()
    {
        while (_blocks.TryAsk(out long index))
            _core.Tell(new CoreProtocol.GetBlock(index, index, Wait: false));
    }

    private void Take(CoreProtocol.Block block)
    {
        if (block.Bytes is not { } bytes)
            return;
        IReadOnlyList<ReadOnlyMemory<byte>> ready = _blocks.HandleBlock(block.Index, bytes);
        if (ready.Count > 0)
            Context.Parent.Tell(new CoreFeedProtocol.Read(_key, (ulong)_blocks.Next, _treeHash, ready));
        Ask();
    }
}
