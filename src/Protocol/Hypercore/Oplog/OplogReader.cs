using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>What an oplog holds: the header that counts, and the entries after it.</summary>
internal sealed record OplogContents(
    CoreHeader Header, ExternalHeader? External, IReadOnlyList<StoredEntry> Entries, OplogBits Bits)
{
    /// <summary>Where the next entry belongs; what stands there is torn or of an older header.</summary>
    internal long End => Entries.Count == 0 ? OplogFrame.EntriesOffset : Entries[^1].End;
}

/// <summary>An entry and where it stands in the file.</summary>
internal readonly record struct StoredEntry(OplogEntry Entry, long Offset, long End);

/// <summary>The bits of the two header slots; together they say which slot is current.</summary>
internal readonly record struct OplogBits(int First, int Second)
{
    /// <summary>The state before anything is written.</summary>
    internal static OplogBits Fresh => new(1, 0);

    /// <summary>The current slot, and the bit that valid entries carry.</summary>
    internal int Current => (First + Second) & 1;
}

/// <summary>Reads an oplog by the rules that survive torn writes (reference 2.1).</summary>
internal static class OplogReader
{
    private const int MaxHeaderLength = 1 << 26;

    internal static OplogContents Read(ICoreFiles files)
    {
        IRandomAccess oplog = files[CoreFile.Oplog];
        CoreHeader? first = ReadSlot(oplog, 0, out int firstBit);
        CoreHeader? second = ReadSlot(oplog, OplogFrame.HeaderSlotSize, out int secondBit);
        OplogBits bits = (first, second) switch
        {
            (not null, not null) => new OplogBits(firstBit, secondBit),
            (not null, null) => new OplogBits(firstBit, firstBit),
            (null, not null) => new OplogBits(1 - secondBit, secondBit),
            _ => throw new CoreStorageException(CoreFile.Oplog, 0, "both header slots are damaged, or this is no Hypercore"),
        };
        CoreHeader header = bits.Current == 0 ? first! : second!;
        ExternalHeader? external = header.External;
        if (external is not null)
            header = ReadExternal(files[CoreFile.Header], external);
        return new OplogContents(header, external, ReadEntries(oplog, bits.Current), bits);
    }

    /// <summary>Whether there is a core: an oplog that a power cut ended before the first header was whole is none yet.</summary>
    internal static bool HoldsCore(ICoreFiles files)
    {
        IRandomAccess oplog = files[CoreFile.Oplog];
        bool used = files[CoreFile.Tree].Length > 0 || files[CoreFile.Bitfield].Length > 0 || files[CoreFile.Data].Length > 0;
        if (oplog.Length == 0 || used || oplog.Length > OplogFrame.EntriesOffset)
            return oplog.Length > 0 || used;
        return ReadSlot(oplog, 0, out _) is not null || ReadSlot(oplog, OplogFrame.HeaderSlotSize, out _) is not null
            || (oplog.Length == OplogFrame.EntriesOffset && !IsBlank(oplog));
    }

    private static bool IsBlank(IRandomAccess oplog)
    {
        byte[] bytes = new byte[OplogFrame.EntriesOffset];
        return oplog.Read(0, bytes) == bytes.Length && !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    private static CoreHeader? ReadSlot(IRandomAccess oplog, long offset, out int bit)
    {
        bit = 0;
        byte[]? frame = ReadFrame(oplog, offset);
        return frame is not null && OplogFrame.TryRead(frame, out ReadOnlySpan<byte> payload, out bit, out _)
            && HeaderCodec.TryDecode(payload, out CoreHeader header)
                ? header
                : null;
    }

    private static CoreHeader ReadExternal(IRandomAccess file, ExternalHeader external)
    {
        if (external.Length > MaxHeaderLength || external.Start > file.Length - external.Length)
            throw new CoreStorageException(CoreFile.Header, external.Start, "the header that the oplog points to is not there");
        byte[] bytes = new byte[external.Length];
        if (file.Read(external.Start, bytes) != bytes.Length || !HeaderCodec.TryDecode(bytes, out CoreHeader header)
            || header.External is not null)
            throw new CoreStorageException(CoreFile.Header, external.Start, "the header does not decode");
        return header;
    }

    private static List<StoredEntry> ReadEntries(IRandomAccess oplog, int currentBit)
    {
        List<StoredEntry> entries = [];
        int complete = 0;
        long offset = OplogFrame.EntriesOffset;
        while (ReadFrame(oplog, offset) is { } frame
            && OplogFrame.TryRead(frame, out ReadOnlySpan<byte> payload, out int bit, out bool partial)
            && bit == currentBit && OplogEntry.TryDecode(payload, out OplogEntry entry))
        {
            entries.Add(new StoredEntry(entry, offset, offset + frame.Length));
            offset += frame.Length;
            complete = partial ? complete : entries.Count;
        }

        entries.RemoveRange(complete, entries.Count - complete);
        return entries;
    }

    private static byte[]? ReadFrame(IRandomAccess oplog, long offset)
    {
        Span<byte> prefix = stackalloc byte[OplogFrame.PrefixSize];
        if (oplog.Read(offset, prefix) != prefix.Length)
            return null;
        int length = OplogFrame.PrefixSize + OplogFrame.PayloadLength(prefix);
        if (length > oplog.Length - offset)
            return null;
        byte[] frame = new byte[length];
        return oplog.Read(offset, frame) == length ? frame : null;
    }
}
