using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>A block of a batch that has not been written yet, with the tree nodes it introduced.</summary>
internal sealed class PendingBlock(ulong sequence, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, List<ChildPointer?> index)
{
    public ulong Sequence { get; } = sequence;

    public ReadOnlyMemory<byte> Key { get; } = key;

    public ReadOnlyMemory<byte>? Value { get; } = value;

    /// <summary>Drops the nodes that later blocks of the batch rewrote, in the order in which JavaScript drops them.</summary>
    public void Compact()
    {
        index[0] = null;
        int position = 0;
        while (position < index.Count)
        {
            ChildPointer? last = index[^1];
            if (index[position] is { } kept && kept.Address.Sequence == Sequence)
            {
                kept.Address = new NodeAddress(Sequence, position);
                position++;
                continue;
            }

            index.RemoveAt(index.Count - 1);
            if (position < index.Count)
                index[position] = last;
        }
    }

    public byte[] Encode(BlockWriter writer)
    {
        foreach (ChildPointer? child in index)
            writer.AddLevel(child!.Node!);
        return writer.Finish(Key.Span, Value);
    }
}
