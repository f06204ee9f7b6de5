using CsCheck;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Protocol.Tests.Hyperbee;

/// <summary>A writer that keeps its nodes from batch to batch leaves the blocks of one that loads them anew.</summary>
public sealed class ContinuedBatchTests
{
    private static readonly Gen<(int Kind, int Key)[]> GenEdits = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 200]).Array[1, 400];

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(8192)]
    public void Keeping_nodes_changes_no_byte(int workingNodes)
        => Gen.Select(GenEdits, Gen.Int[1, 7]).Sample(
            (edits, batchLength) =>
            {
                List<byte[]> anew = [new BeeHeader().Encode()], kept = [new BeeHeader().Encode()];
                BeeOptions options = new() { CachedBlocks = 16, WorkingNodes = workingNodes };
                BeeBlocks anewBlocks = Open(anew, options), keptBlocks = Open(kept, options);
                BeeBatch? former = null;
                foreach ((int Kind, int Key)[] chunk in edits.Chunk(batchLength))
                {
                    Write(anew, new BeeBatch(anewBlocks, (ulong)anew.Count), chunk);
                    former = former?.Next() ?? new BeeBatch(keptBlocks, (ulong)kept.Count);
                    Write(kept, former, chunk);
                }

                return anew.Select(Convert.ToHexString).SequenceEqual(kept.Select(Convert.ToHexString));
            },
            iter: 40);

    private static void Write(List<byte[]> log, BeeBatch batch, IEnumerable<(int Kind, int Key)> edits)
    {
        foreach ((int kind, int key) in edits)
        {
            byte[] name = [(byte)(key / 16), (byte)key];
            BeeWrite outcome = kind switch
            {
                0 or 1 or 2 => batch.Delete(name),
                3 => batch.Put(name, new byte[] { 3 }, _ => false),
                _ => batch.Put(name, new[] { (byte)kind }),
            };
            Assert.True(outcome is BeeWrite.Written or BeeWrite.Unchanged, $"{batch.Fault}");
        }

        log.AddRange(batch.Finish());
        Assert.Equal((ulong)log.Count, batch.EndLength);
    }

    private static BeeBlocks Open(List<byte[]> log, BeeOptions options)
        => new(
            (ulong sequence, out ReadOnlyMemory<byte> block) =>
            {
                block = sequence < (ulong)log.Count ? log[(int)sequence] : default;
                return sequence < (ulong)log.Count;
            },
            options);
}
