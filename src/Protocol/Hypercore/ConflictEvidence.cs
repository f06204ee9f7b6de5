using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>A signed tree from the start of a core, as it is kept when it contradicts ours: in the fields of an upgrade on the wire.</summary>
internal static class ConflictEvidence
{
    internal static byte[] Encode(MerkleProof proof)
    {
        CompactWriter writer = new();
        UpgradeProof upgrade = proof.Upgrade ?? throw new ArgumentException("evidence holds a tree", nameof(proof));
        writer.UInt8(proof.Manifest is null ? (byte)0 : (byte)1).UInt((ulong)proof.Fork);
        writer.UInt((ulong)upgrade.Start).UInt((ulong)upgrade.Length);
        MerkleNode.EncodeList(writer, upgrade.Nodes);
        MerkleNode.EncodeList(writer, upgrade.AdditionalNodes);
        writer.Buffer(upgrade.Signature.Span);
        if (proof.Manifest is { } manifest)
            writer.Raw(manifest.Encode());
        return writer.ToArray();
    }

    internal static bool TryRead(IRandomAccess file, [NotNullWhen(true)] out MerkleProof? proof)
    {
        proof = null;
        byte[] bytes = new byte[Math.Min(file.Length, 1 << 24)];
        return bytes.Length > 0 && file.Read(0, bytes) == bytes.Length && TryDecode(bytes, out proof);
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MerkleProof? proof)
    {
        proof = null;
        CompactReader reader = new(bytes);
        if (!reader.TryUInt8(out byte flags) || !reader.TryUInt(out ulong fork) || !reader.TryUInt(out ulong start)
            || !reader.TryUInt(out ulong length) || !MerkleNode.TryDecodeList(ref reader, out MerkleNode[] nodes)
            || !MerkleNode.TryDecodeList(ref reader, out MerkleNode[] additional)
            || !reader.TryBuffer(out ReadOnlySpan<byte> signature))
            return false;
        Manifest? manifest = null;
        if (flags != 0 && !TryManifest(ref reader, out manifest))
            return false;
        UpgradeProof upgrade = new((long)start, (long)length, nodes, additional, signature.ToArray());
        proof = new MerkleProof((long)fork, Upgrade: upgrade, Manifest: manifest);
        return true;
    }

    private static bool TryManifest(ref CompactReader reader, out Manifest? manifest)
    {
        bool read = Manifest.TryDecode(ref reader, out Manifest decoded);
        manifest = decoded;
        return read;
    }
}
