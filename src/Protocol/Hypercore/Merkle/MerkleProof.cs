using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>A block with the siblings that connect it to a known node.</summary>
public sealed record BlockProof(long Index, ReadOnlyMemory<byte> Value, IReadOnlyList<MerkleNode> Nodes);

/// <summary>A tree node (first in the list) with the siblings that connect it to a known node.</summary>
public sealed record HashProof(long Index, IReadOnlyList<MerkleNode> Nodes);

/// <summary>The node that holds a byte offset (first in the list) with its siblings upward.</summary>
public sealed record SeekProof(long Bytes, IReadOnlyList<MerkleNode> Nodes);

/// <summary>The nodes that lead from one length to another and on to the length that was signed.</summary>
public sealed record UpgradeProof(
    long Start, long Length, IReadOnlyList<MerkleNode> Nodes, IReadOnlyList<MerkleNode> AdditionalNodes, ReadOnlyMemory<byte> Signature);

/// <summary>Everything one answer proves; parts that were not asked for are null.</summary>
public sealed record MerkleProof(
    long Fork,
    BlockProof? Block = null,
    HashProof? Hash = null,
    SeekProof? Seek = null,
    UpgradeProof? Upgrade = null,
    Manifest? Manifest = null);

/// <summary>A block or a tree node that a proof is asked for, and how many levels to climb from it.</summary>
public readonly record struct NodeTarget(long Index, long Nodes);

/// <summary>A byte offset that a proof is asked for; padding is subtracted from every block's size.</summary>
public readonly record struct SeekTarget(long Bytes, long Padding);

/// <summary>The length a requester has, and how much more it wants.</summary>
public readonly record struct UpgradeTarget(long Start, long Length);

/// <summary>What one proof is asked to contain; Block holds a block index, Hash a tree index.</summary>
public sealed record ProofRequest(
    NodeTarget? Block = null, NodeTarget? Hash = null, SeekTarget? Seek = null, UpgradeTarget? Upgrade = null);
