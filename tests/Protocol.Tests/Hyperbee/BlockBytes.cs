using Google.Protobuf;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Nodes.Messages;

namespace AuctionActors.Protocol.Tests.Hyperbee;

/// <summary>Blocks as the generated messages of the schema encode them, which is what the codec of the blocks is compared with.</summary>
internal static class BlockBytes
{
    public static byte[] Of(byte[] key, byte[]? value, params IEnumerable<TreeLevel> levels) => Of(key, value, IndexOf(levels));

    public static byte[] Of(byte[] key, byte[]? value, byte[] index)
    {
        Node node = new() { Index = ByteString.CopyFrom(index), Key = ByteString.CopyFrom(key) };
        if (value is not null)
            node.Value = ByteString.CopyFrom(value);
        return node.ToByteArray();
    }

    private static byte[] IndexOf(IEnumerable<TreeLevel> levels)
    {
        YoloIndex index = new();
        foreach (TreeLevel level in levels)
        {
            YoloIndex.Types.Level written = new();
            written.Keys.AddRange(level.Keys);
            written.Children.AddRange(level.Children.SelectMany(child => (ulong[])[child.Sequence, (ulong)child.Level]));
            index.Levels.Add(written);
        }

        return index.ToByteArray();
    }
}
