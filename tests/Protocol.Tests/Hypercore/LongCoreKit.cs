using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>A core that takes several steps to look at, and changes that come between these.</summary>
public abstract class LongCoreKit
{
    // Five steps of blocks, and two each of parents and of all nodes.
    private protected const int Length = 5000;

    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)5, 32)]));

    protected LongCoreKit()
    {
        Core = HypercoreMachine.Create(Files, CoreIdentity.ForWriter(s_keyPair), new HypercoreOptions { CheckpointEvery = 3 });
        Core.Append(Blocks(Length));
        Files.Run(Core);
    }

    private protected MemoryCoreFiles Files { get; } = new();

    private protected HypercoreMachine Core { get; set; }

    /// <summary>Appends, clears or cuts.</summary>
    private protected void Change(int kind, int at, int count, bool isPersisted)
    {
        if (kind < 2)
            Core.Append(Blocks(count + 1));
        else if (kind == 2)
            Core.Clear(at, at + count);
        else
            Core.Truncate(Math.Min(at, Core.Accepted.Length));
        if (kind == 4)
            Core.Append(Blocks(count + 1));
        if (isPersisted)
            Files.Run(Core);
    }

    private protected static ReadOnlyMemory<byte>[] Blocks(int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)i, 1 + (i % 7)).ToArray())];
}
