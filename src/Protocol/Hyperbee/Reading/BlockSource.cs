namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Answers a block that is at hand; false when it has to be fetched first.</summary>
public delegate bool BlockSource(ulong sequence, out ReadOnlyMemory<byte> block);
