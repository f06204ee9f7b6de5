using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Auctions.Market.Identities;

/// <summary>The two seeds in a bee laid out as the tutorial's: utf-8 keys, binary values, nothing rewritten.</summary>
internal sealed class IdentityBee
{
    private static readonly byte[] DhtSeedKey = "dht-seed"u8.ToArray();
    private static readonly byte[] RpcSeedKey = "rpc-seed"u8.ToArray();

    private readonly List<ReadOnlyMemory<byte>> _blocks;

    public IdentityBee(List<ReadOnlyMemory<byte>> blocks, IEntropy entropy)
    {
        _blocks = blocks;
        if (_blocks.Count == 0)
            Add([new BeeHeader().Encode()]);
        DhtSeed = ReadOrDraw(DhtSeedKey, entropy);
        RpcSeed = ReadOrDraw(RpcSeedKey, entropy);
    }

    /// <summary>Null when the bee holds something else under the key.</summary>
    public Bytes32? DhtSeed { get; }

    public Bytes32? RpcSeed { get; }

    /// <summary>Blocks to append before the seeds may be used.</summary>
    public List<ReadOnlyMemory<byte>> Added { get; } = [];

    private Bytes32? ReadOrDraw(byte[] key, IEntropy entropy)
    {
        var blocks = new BeeBlocks(TryGet);
        var lookup = new BeeLookup(blocks, (ulong)_blocks.Count, key);
        if (lookup.Advance() != BeeProgress.Done)
            return null;
        if (lookup.Entry is { } entry)
            return entry.Value is { Length: Bytes32.Size } value ? new Bytes32(value.Span) : null;
        Bytes32 drawn = entropy.Next32();
        var batch = new BeeBatch(blocks, (ulong)_blocks.Count);
        if (batch.Put(key, drawn.ToArray()) != BeeWrite.Written)
            return null;
        Add(batch.Finish());
        return drawn;
    }

    private void Add(IEnumerable<byte[]> blocks)
    {
        foreach (byte[] block in blocks)
        {
            _blocks.Add(block);
            Added.Add(block);
        }
    }

    private bool TryGet(ulong sequence, out ReadOnlyMemory<byte> block)
    {
        bool stored = sequence < (ulong)_blocks.Count;
        block = stored ? _blocks[(int)sequence] : default;
        return stored;
    }
}
