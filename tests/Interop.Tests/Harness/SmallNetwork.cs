using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Interop.Tests.Harness;

/// <summary>A bootstrap node and two more nodes that stay.</summary>
/// <remarks>
/// With one alone a firewalled node never finds out how others see it, and gives a holepunch up, JavaScript's as well as ours, unless the first
/// packet comes before.
/// </remarks>
internal static class SmallNetwork
{
    public static async Task StartAsync(RealRuntime runtime, PeerAddress bootstrap, TimeSpan patience)
    {
        await AddAsync("bootstrap", DhtNodeActorOptions.Bootstrapper(bootstrap, PeerAddress.Loopback(0).Host));
        DhtNodeOptions lasting = new() { BootstrapNodes = [bootstrap], Persistence = DhtPersistence.Persistent, IsFirewalled = false };
        foreach (string name in (string[])["second", "third"])
            await AddAsync(name, new DhtNodeActorOptions { Bind = PeerAddress.Loopback(0), Node = lasting });

        async Task AddAsync(string name, DhtNodeActorOptions node)
            => await HyperDhtClient.StartAsync(runtime.System, runtime.Peer(name, new MemoryFileStore()), new HyperDhtOptions { Node = node }, patience);
    }
}
