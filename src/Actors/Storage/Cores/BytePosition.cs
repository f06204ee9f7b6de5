namespace Hyper.Actors.Storage.Cores;

/// <summary>Where a byte is: in which block, and so many bytes behind its start; behind the last block for the end of the core.</summary>
public readonly record struct BytePosition(long Block, long Offset);
