using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>Type 3: the parts of a proof in the order of their flags.</summary>
internal static class DataCodec
{
    private const uint Block = 1, Hash = 2, Seek = 4, Upgrade = 8, Manifest = 16;

    // A block may keep so many times its own length of a frame's memory alive, for as long as it is kept itself.
    private const int MostKept = 64;

    /// <summary>Bytes that the encoding of a proof usually fits in.</summary>
    public static int Capacity(MerkleProof proof)
        => 256 + (proof.Block is { } block ? block.Value.Length + MerkleNode.StoredSize * block.Nodes.Count : 0);

    public static void Encode(CompactWriter writer, DataMessage data)
    {
        MerkleProof proof = data.Proof;
        uint flags = (proof.Block is null ? 0 : Block) | (proof.Hash is null ? 0 : Hash) | (proof.Seek is null ? 0 : Seek)
            | (proof.Upgrade is null ? 0 : Upgrade) | (proof.Manifest is null ? 0 : Manifest);
        writer.UInt(flags).UInt((ulong)data.Request).UInt((ulong)proof.Fork);
        if (proof.Block is { } block)
            MerkleNode.EncodeList(writer.UInt((ulong)block.Index).Buffer(block.Value.Span), block.Nodes);
        if (proof.Hash is { } hash)
            MerkleNode.EncodeList(writer.UInt((ulong)hash.Index), hash.Nodes);
        if (proof.Seek is { } seek)
            MerkleNode.EncodeList(writer.UInt((ulong)seek.Bytes), seek.Nodes);
        if (proof.Upgrade is { } upgrade)
            EncodeUpgrade(writer, upgrade);
        if (proof.Manifest is { } manifest)
            writer.Raw(manifest.Encode());
    }

    public static DataMessage? Decode(ref CompactReader reader, ReadOnlyMemory<byte> body)
    {
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out ulong request) || !reader.TryUInt(out ulong fork))
            return null;
        BlockProof? block = null;
        HashProof? hash = null;
        SeekProof? seek = null;
        UpgradeProof? upgrade = null;
        Manifest? manifest = null;
        if ((flags & Block) != 0 && (block = DecodeBlock(ref reader, body)) is null)
            return null;
        if ((flags & Hash) != 0 && (hash = DecodeHash(ref reader)) is null)
            return null;
        if ((flags & Seek) != 0 && (seek = DecodeSeek(ref reader)) is null)
            return null;
        if ((flags & Upgrade) != 0 && (upgrade = DecodeUpgrade(ref reader)) is null)
            return null;
        if ((flags & Manifest) != 0 && !Hypercore.Manifests.Manifest.TryDecode(ref reader, out manifest))
            return null;
        return new DataMessage((long)request, new MerkleProof((long)fork, block, hash, seek, upgrade, manifest));
    }

    private static void EncodeUpgrade(CompactWriter writer, UpgradeProof upgrade)
    {
        writer.UInt((ulong)upgrade.Start).UInt((ulong)upgrade.Length);
        MerkleNode.EncodeList(writer, upgrade.Nodes);
        MerkleNode.EncodeList(writer, upgrade.AdditionalNodes);
        writer.Buffer(upgrade.Signature.Span);
    }

    private static BlockProof? DecodeBlock(ref CompactReader reader, ReadOnlyMemory<byte> body)
    {
        if (!reader.TryUInt(out ulong index) || !reader.TryBuffer(out ReadOnlySpan<byte> value))
            return null;
        ReadOnlyMemory<byte> kept = body.Slice(reader.Position - value.Length, value.Length);
        if (!MemoryMarshal.TryGetArray(kept, out ArraySegment<byte> place) || place.Array!.Length > (long)MostKept * kept.Length)
            kept = value.ToArray();
        return MerkleNode.TryDecodeList(ref reader, out MerkleNode[] nodes) ? new BlockProof((long)index, kept, nodes) : null;
    }

    private static HashProof? DecodeHash(ref CompactReader reader)
        => TryIndexed(ref reader, out long index, out MerkleNode[] nodes) ? new HashProof(index, nodes) : null;

    private static SeekProof? DecodeSeek(ref CompactReader reader)
        => TryIndexed(ref reader, out long bytes, out MerkleNode[] nodes) ? new SeekProof(bytes, nodes) : null;

    private static bool TryIndexed(ref CompactReader reader, out long index, out MerkleNode[] nodes)
    {
        nodes = [];
        bool read = reader.TryUInt(out ulong first) && MerkleNode.TryDecodeList(ref reader, out nodes);
        index = (long)first;
        return read;
    }

    private static UpgradeProof? DecodeUpgrade(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong start) || !reader.TryUInt(out ulong length)
            || !MerkleNode.TryDecodeList(ref reader, out MerkleNode[] nodes)
            || !MerkleNode.TryDecodeList(ref reader, out MerkleNode[] additional)
            || !reader.TryBuffer(out ReadOnlySpan<byte> signature))
            return null;
        return new UpgradeProof((long)start, (long)length, nodes, additional, signature.ToArray());
    }
}
