using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Hypercore;

/// <summary>Our cores on real files.</summary>
internal sealed class OwnCore : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly DiskFileStore _files = new();
    private readonly RealRuntime _runtime = new("interop");
    private int _opened;

    /// <summary>The key pair that every test core is written with.</summary>
    internal static KeyPair KeyPair { get; } = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)5, 32).ToArray()));

    internal CoreClient Open(string folder, bool create, HypercoreOptions? storage = null)
    {
        CoreOptions options = new()
        {
            Folder = folder,
            Identity = create ? CoreIdentity.ForWriter(KeyPair, compat: true) : null,
            Storage = storage ?? new HypercoreOptions(),
        };
        IActorRef core = _runtime.System.ActorOf(CoreActor.Props(_runtime.Peer("interop", _files), options), $"core-{_opened++}");
        return new CoreClient(core, s_timeout);
    }

    public void Dispose()
    {
        _runtime.StopAsync().Wait(s_timeout);
        _runtime.Dispose();
        _files.Dispose();
    }
}
