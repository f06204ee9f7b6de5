using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>What a node knows about a topic: encoded peer records and the time of the latest bump.</summary>
public static class LookupReply
{
    /// <summary>Joins records that are encoded already; records delimit themselves, so none carries a length.</summary>
    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> records, ulong bump)
    {
        CompactWriter writer = new();
        writer.UInt((ulong)records.Count);
        foreach (ReadOnlyMemory<byte> record in records)
            writer.Raw(record.Span);
        return writer.UInt(bump).ToArray();
    }

    /// <summary>Older nodes leave the bump out; it is then zero.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out IReadOnlyList<PeerRecord> peers, out ulong bump)
    {
        CompactReader reader = new(bytes);
        peers = [];
        bump = 0;
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / PeerRecord.MinimumSize))
            return false;
        PeerRecord[] records = new PeerRecord[count];
        for (int i = 0; i < records.Length; i++)
        {
            if (!PeerRecord.TryRead(ref reader, out records[i]))
                return false;
        }

        peers = records;
        return reader.AtEnd || reader.TryUInt(out bump);
    }
}
