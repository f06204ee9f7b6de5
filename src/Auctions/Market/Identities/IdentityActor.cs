using Akka.Actor;
using AuctionActors.Auctions.Market.Ledgers;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Auctions.Market.Identities;

/// <summary>Keeps the private bee, which is never announced or served, and holds its folder for as long as it lives.</summary>
public sealed class IdentityActor : ReceiveActor
{
    private const int Window = 64;
    private const int LongestBee = 65_536;
    private const string Corrupt = "STORAGE_CORRUPT";

    private readonly PeerRuntime _runtime;
    private readonly string _folder;
    private readonly OrderedBlocks _blocks = new(Window);
    private readonly List<ReadOnlyMemory<byte>> _read = [];
    private IActorRef _core = ActorRefs.Nobody;
    private IdentityBee? _bee;
    private bool _isNew;

    public IdentityActor(PeerRuntime runtime, string folder)
    {
        _runtime = runtime;
        _folder = folder;
        Receive<CoreProtocol.Opened>(opened => HandleLength(opened.Core.Length));
        Receive<CoreProtocol.OpenFailed>(HandleOpenFailed);
        Receive<CoreProtocol.Block>(HandleBlock);
        Receive<CoreProtocol.Done>(_ => Identify());
        Receive<CoreProtocol.Failed>(failed => Fail(failed.Reason));
    }

    public static Props Props(PeerRuntime runtime, string folder) => ActorProps.Of(() => new IdentityActor(runtime, folder));

    protected override void PreStart() => Open(null, "core");

    private void Open(CoreIdentity? identity, string name)
        => _core = Context.ActorOf(
            CoreActor.Props(_runtime, new CoreOptions { Folder = _folder, Identity = identity, RecordsEvents = false }), name);

    private void HandleOpenFailed(CoreProtocol.OpenFailed failed)
    {
        if (failed.Problem != CoreProblem.NotFound || _isNew)
        {
            (string reason, string code) = failed.Problem switch
            {
                CoreProblem.Locked => ($"{_folder} is in use by another node", "STORAGE_LOCKED"),
                CoreProblem.Corrupt => (failed.Reason, Corrupt),
                _ => (failed.Reason, "STORAGE_UNUSABLE"),
            };
            Fail(reason, code);
            return;
        }

        _isNew = true;
        Context.Stop(_core);
        Open(CoreIdentity.ForWriter(KeyPair.Generate(_runtime.Entropy), compat: true), "new-core");
    }

    private void HandleLength(long length)
    {
        if (length > LongestBee)
        {
            Fail($"{_folder} holds {length} blocks, more than a private bee has");
            return;
        }

        _blocks.HandleLength(length);
        Read();
    }

    private void HandleBlock(CoreProtocol.Block block)
    {
        if (block.Bytes is not { } bytes)
        {
            Fail($"block {block.Index} of {_folder} is missing");
            return;
        }

        _read.AddRange(_blocks.HandleBlock(block.Index, bytes));
        Read();
    }

    private void Read()
    {
        while (_blocks.TryAsk(out long index))
            _core.Tell(new CoreProtocol.GetBlock(index, index, Wait: false));
        if (!_blocks.IsCaughtUp)
            return;
        _bee = new IdentityBee(_read, _runtime.Entropy);
        if (_bee.Added.Count > 0 && _bee.RpcSeed is not null)
            _core.Tell(new CoreProtocol.Append(0, _bee.Added));
        else
            Identify();
    }

    private void Identify()
    {
        if (_bee is { DhtSeed: { } dhtSeed, RpcSeed: { } rpcSeed })
            Context.Parent.Tell(new IdentityProtocol.Identified(dhtSeed, rpcSeed));
        else
            Fail($"{_folder} is not a private bee with dht-seed and rpc-seed");
    }

    private static void Fail(string reason, string code = Corrupt) => Context.Parent.Tell(new IdentityProtocol.Failed(reason, code));
}
