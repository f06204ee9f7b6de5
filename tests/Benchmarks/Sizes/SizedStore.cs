using Akka.Actor;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Benchmarks.Sizes;

/// <summary>One core on disk that can be closed and opened again, and the bee in it if it is one.</summary>
internal sealed class SizedStore : IDisposable
{
    private readonly RealRuntime _runtime = new("sizes");
    private readonly DiskFileStore _files = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("benchmark-sizes-");
    private readonly PeerRuntime _peer;
    private readonly CoreOptions _options;
    private CoreClient? _core;

    public SizedStore()
    {
        _peer = _runtime.Peer("sizes", _files);
        _options = new CoreOptions
        {
            Folder = Path.Combine(_folder.FullName, "core"),
            Identity = CoreIdentity.ForWriter(KeyPair.Generate(SystemEntropy.Instance)),
        };
        Loader = LoadActor.Start(_runtime.System);
    }

    public IActorRef Loader { get; }

    public IActorRef Core => _core!.Core;

    public async Task<CoreInfo> OpenAsync()
    {
        _core = new CoreClient(_runtime.System.ActorOf(CoreActor.Props(_peer, _options)), Testnet.Patience);
        return await _core.GetInfoAsync();
    }

    public IActorRef OpenBee() => _runtime.System.ActorOf(BeeActor.Props(Core));

    public Task CloseAsync() => _core!.CloseAsync();

    public void Dispose()
    {
        _runtime.Dispose();
        _files.Dispose();
        _folder.Delete(recursive: true);
    }
}
