using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Cores;

/// <summary>One core of ours, in memory.</summary>
/// <param name="name">The actor system's.</param>
public abstract class CoreKit(string name) : RuntimeKit(name)
{
    private protected static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private protected static readonly CoreIdentity s_writer
        = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)3, 32)])));

    private protected CoreClient Open(HypercoreOptions? storage = null, CoreLimits? limits = null, MemoryFileStore? files = null)
    {
        CoreOptions options = new() { Folder = "core", Identity = s_writer, Storage = storage ?? new(), Limits = limits ?? new() };
        return new CoreClient(Sys.ActorOf(CoreActor.Props(Runtime.Peer("core", files ?? new MemoryFileStore()), options)), s_timeout);
    }

    private protected static ReadOnlyMemory<byte>[] Blocks(int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)i })];
}
