using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.BlindRelay;

/// <summary>A secret of two peers, by which a relay knows that they want each other.</summary>
public readonly record struct RelayToken(Bytes32 Value);
