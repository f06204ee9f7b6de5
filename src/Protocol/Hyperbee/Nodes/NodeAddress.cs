namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>Where a tree node stands: the sequence number of its block and its level inside that block.</summary>
public readonly record struct NodeAddress(ulong Sequence, int Level);
