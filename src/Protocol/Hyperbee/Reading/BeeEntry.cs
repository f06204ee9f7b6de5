using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>A key with its value and the sequence number of the block that put it.</summary>
public sealed record BeeEntry(ulong Sequence, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value)
{
    internal static BeeEntry From(BeeBlock block) => new(block.Sequence, block.Key, block.Value);
}
