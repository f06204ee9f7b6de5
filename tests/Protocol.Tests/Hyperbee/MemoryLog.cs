using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Protocol.Tests.Hyperbee;

/// <summary>A core in memory: a list of blocks, of which some may be hidden as if they had not been downloaded.</summary>
internal sealed class MemoryLog
{
    public List<byte[]> Blocks { get; } = [];

    public HashSet<ulong> Hidden { get; } = [];

    public BeeBlocks Open(BeeOptions? options = null) => new(TryGet, options);

    public ulong Length => (ulong)Blocks.Count;

    public BeeWrite Put(BeeBlocks blocks, byte[] key, byte[]? value)
        => Write(blocks, batch => batch.Put(key, value is null ? default(ReadOnlyMemory<byte>?) : value));

    public BeeWrite Delete(BeeBlocks blocks, byte[] key) => Write(blocks, batch => batch.Delete(key));

    public BeeWrite Write(BeeBlocks blocks, Func<BeeBatch, BeeWrite> write, BeeHeader? header = null)
    {
        if (Blocks.Count == 0)
            Blocks.Add((header ?? new BeeHeader()).Encode());
        BeeBatch batch = new(blocks, Length);
        BeeWrite result;
        while ((result = write(batch)) == BeeWrite.NeedsBlock)
            batch.Loaded(batch.NeedBlock!.Value, Blocks[(int)batch.NeedBlock.Value]);
        Blocks.AddRange(batch.Finish());
        return result;
    }

    public BeeEntry? Get(BeeBlocks blocks, byte[] key)
    {
        BeeLookup lookup = new(blocks, Length, key);
        while (lookup.Advance() == BeeProgress.NeedsBlock)
            lookup.Loaded(lookup.NeedBlock!.Value, Blocks[(int)lookup.NeedBlock.Value]);
        Assert.Equal(BeeFault.None, lookup.Fault);
        return lookup.Entry;
    }

    public List<BeeEntry> Scan(BeeBlocks blocks, BeeRange? range = null)
    {
        BeeScan scan = new(blocks, Length, range);
        List<BeeEntry> entries = [];
        while (true)
        {
            BeeProgress progress = scan.Next(out BeeEntry? entry);
            Assert.NotEqual(BeeProgress.Failed, progress);
            if (progress == BeeProgress.NeedsBlock)
                scan.Loaded(scan.NeedBlock!.Value, Blocks[(int)scan.NeedBlock.Value]);
            else if (entry is null)
                return entries;
            else
                entries.Add(entry);
        }
    }

    private bool TryGet(ulong sequence, out ReadOnlyMemory<byte> block)
    {
        bool present = sequence < Length && !Hidden.Contains(sequence);
        block = present ? Blocks[(int)sequence] : default;
        return present;
    }
}
