using CsCheck;
using Google.Protobuf;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Nodes.Messages;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Protocol.Tests.Hyperbee;

/// <summary>Blocks are read and written without the generated messages, which must agree.</summary>
public sealed class BlockCodecTests
{
    private const ulong Sequence = BeeLimits.MaxInteger;

    private static readonly Gen<ulong> GenNumber = Gen.Select(Gen.Int[0, 52], Gen.ULong, (bits, number) => 1 + (number & ((1UL << bits) - 1)));

    private static readonly Gen<NodeAddress> GenAddress = Gen.Select(GenNumber, Gen.Int[0, int.MaxValue], (block, level) => new NodeAddress(block, level));

    private static readonly Gen<TreeLevel> GenLevel = Gen.Select(
        GenNumber.Array[0, 9], GenAddress.Array[10, 10], Gen.Bool,
        (keys, children, isLeaf) => new TreeLevel([.. keys], isLeaf ? [] : [.. children[..(keys.Length + 1)]]));

    [Fact]
    public void A_block_has_the_bytes_of_the_schema_and_is_read_back()
        => Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 300].Null(), GenLevel.Array[0, 40]).Sample(
            (key, value, levels) =>
            {
                BlockWriter writer = new();
                foreach (TreeLevel level in levels)
                    writer.AddLevel(WorkingNode.From(level));
                byte[] block = writer.Finish(key, value is null ? default(ReadOnlyMemory<byte>?) : value);
                Assert.Equal(BlockBytes.Of(key, value, levels), block);
                AssertSame(key, value, levels, block);
                Assert.Equal(BlockBytes.Of(key, value), writer.Finish(key, value is null ? default(ReadOnlyMemory<byte>?) : value));
            },
            iter: 200);

    [Fact]
    public void Fields_stand_in_any_order_and_unknown_ones_are_passed_over()
    {
        TreeLevel[] levels = [new([3, 5], [])];
        Node node = Node.Parser.ParseFrom(BlockBytes.Of([1], [2], levels));
        byte[] index = [0x28, 0x07, .. node.Index.Span, 0x35, 1, 2, 3, 4];
        byte[] block = [0x1a, 1, 2, 0x20, 0xff, 0x01, 0x12, 1, 1, 0x29, 1, 2, 3, 4, 5, 6, 7, 8, 0x0a, (byte)index.Length, .. index, 0x32, 1, 9];
        AssertSame([1], [2], levels, block);
    }

    [Fact]
    public void What_is_read_of_random_bytes_is_what_the_schema_reads()
        => Gen.Select(Gen.Byte.Array[0, 40], GenLevel.Array[0, 3], Gen.Int[0, 1 << 20], Gen.Byte).Sample(
            (tail, levels, place, other) =>
            {
                byte[] bytes = [.. BlockBytes.Of([1], [2], levels), .. tail];
                bytes[place % bytes.Length] = other;
                if (!BeeBlock.TryDecode(Sequence, bytes, out BeeBlock? block))
                    return;
                Node node = Node.Parser.ParseFrom(bytes);
                Assert.Equal(node.Key.Memory.ToArray(), block.Key.ToArray());
                Assert.Equal(node.HasValue ? node.Value.ToByteArray() : null, block.Value?.ToArray());
                if (block.TryGetLevels(out IReadOnlyList<TreeLevel?>? read))
                    AssertSame(YoloIndex.Parser.ParseFrom(node.Index), read);
            },
            iter: 20_000);

    [Fact]
    public void A_block_without_a_key_or_without_an_index_is_refused()
    {
        Assert.False(BeeBlock.TryDecode(1, new byte[] { 0x0a, 0 }, out _));
        Assert.False(BeeBlock.TryDecode(1, new byte[] { 0x12, 1, 1 }, out _));
        Assert.True(BeeBlock.TryDecode(1, new byte[] { 0x0a, 0, 0x12, 0 }, out _));
    }

    private static void AssertSame(byte[] key, byte[]? value, TreeLevel[] levels, byte[] bytes)
    {
        Assert.True(BeeBlock.TryDecode(Sequence, bytes, out BeeBlock? block));
        Assert.Equal(key, block.Key.ToArray());
        Assert.Equal(value, block.Value?.ToArray());
        Assert.True(block.TryGetLevels(out IReadOnlyList<TreeLevel?>? read));
        Assert.Equal(levels.Select(Describe), read.Select(Describe));
    }

    private static void AssertSame(YoloIndex expected, IReadOnlyList<TreeLevel?> read)
    {
        Assert.Equal(expected.Levels.Count, read.Count);
        for (int i = 0; i < read.Count; i++)
        {
            if (read[i] is not { } level)
                continue;
            Assert.Equal(expected.Levels[i].Keys, level.Keys);
            Assert.Equal(expected.Levels[i].Children, level.Children.SelectMany(child => (ulong[])[child.Sequence, (ulong)child.Level]));
        }
    }

    private static string Describe(TreeLevel? level) => $"{string.Join(' ', level!.Keys)} / {string.Join(' ', level.Children)}";
}
