using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>
/// A signed tree, perhaps with a block, as bytes for somebody who is not connected: the discovery key and a data message that answers no
/// request, as version 11 writes it. Checked with <see cref="HypercoreMachine.CheckRemote"/>.
/// </summary>
public sealed record RemoteProof(DiscoveryKey Key, MerkleProof Proof)
{
    private const int DataType = 3;

    /// <summary>The proof of a core; null when the core cannot give it.</summary>
    /// <param name="core">Whose.</param>
    /// <param name="length">Blocks of the tree that is shown; all when null.</param>
    /// <param name="block">A stored block below that length, to be shown with it.</param>
    public static RemoteProof? Of(HypercoreMachine core, long? length = null, long? block = null)
    {
        NodeTarget? target = block is { } index ? new NodeTarget(index, 0) : null;
        ProofRequest request = new(target, Upgrade: new UpgradeTarget(0, length ?? core.Tree.Length));
        bool isProven = core.TryProve(request, out MerkleProof proof, out _) && proof.Upgrade is not null;
        return isProven ? new RemoteProof(core.DiscoveryKey, proof with { Manifest = core.Manifest }) : null;
    }

    public byte[] Encode() => [.. Key.Value.Span, .. MessageCodec.Encode(new DataMessage(0, Proof))];

    /// <summary>False for anything else; what it says is not checked yet.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RemoteProof? proof)
    {
        proof = bytes.Length >= Bytes32.Size && MessageCodec.TryDecode(DataType, bytes[Bytes32.Size..], out ReplicationMessage? message)
            ? new RemoteProof(new DiscoveryKey(new Bytes32(bytes.Span[..Bytes32.Size])), ((DataMessage)message).Proof)
            : null;
        return proof is not null;
    }
}
