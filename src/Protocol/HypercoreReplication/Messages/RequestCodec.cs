using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>Type 1: flags say which parts follow.</summary>
internal static class RequestCodec
{
    private const uint Block = 1, Hash = 2, Seek = 4, Upgrade = 8, Manifest = 16, Priority = 32;

    public static void Encode(CompactWriter writer, RequestMessage request)
    {
        ProofRequest parts = request.Parts;
        uint flags = (parts.Block is null ? 0 : Block) | (parts.Hash is null ? 0 : Hash) | (parts.Seek is null ? 0 : Seek)
            | (parts.Upgrade is null ? 0 : Upgrade) | (request.Manifest ? Manifest : 0) | (request.Priority > 0 ? Priority : 0);
        writer.UInt(flags).UInt((ulong)request.Id).UInt((ulong)request.Fork);
        if (parts.Block is { } block)
            Pair(writer, block.Index, block.Nodes);
        if (parts.Hash is { } hash)
            Pair(writer, hash.Index, hash.Nodes);
        if (parts.Seek is { } seek)
            Pair(writer, seek.Bytes, seek.Padding);
        if (parts.Upgrade is { } upgrade)
            Pair(writer, upgrade.Start, upgrade.Length);
        if (request.Priority > 0)
            writer.UInt((ulong)request.Priority);
    }

    public static RequestMessage? Decode(ref CompactReader reader)
    {
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out ulong id) || !reader.TryUInt(out ulong fork))
            return null;
        ulong priority = 0;
        bool read = TryPair(ref reader, flags, Block, out (long Index, long Nodes)? block)
            & TryPair(ref reader, flags, Hash, out (long Index, long Nodes)? hash)
            & TryPair(ref reader, flags, Seek, out (long Bytes, long Padding)? seek)
            & TryPair(ref reader, flags, Upgrade, out (long Start, long Length)? upgrade)
            && ((flags & Priority) == 0 || reader.TryUInt(out priority));
        if (!read)
            return null;
        ProofRequest parts = new(
            block is { } b ? new NodeTarget(b.Index, b.Nodes) : null,
            hash is { } h ? new NodeTarget(h.Index, h.Nodes) : null,
            seek is { } s ? new SeekTarget(s.Bytes, s.Padding) : null,
            upgrade is { } u ? new UpgradeTarget(u.Start, u.Length) : null);
        return new RequestMessage((long)id, (long)fork, parts, (flags & Manifest) != 0, (long)priority);
    }

    private static void Pair(CompactWriter writer, long first, long second) => writer.UInt((ulong)first).UInt((ulong)second);

    private static bool TryPair(ref CompactReader reader, ulong flags, uint flag, out (long First, long Second)? pair)
    {
        pair = null;
        if ((flags & flag) == 0)
            return true;
        bool read = reader.TryUInt(out ulong first) & reader.TryUInt(out ulong second);
        pair = ((long)first, (long)second);
        return read;
    }
}
