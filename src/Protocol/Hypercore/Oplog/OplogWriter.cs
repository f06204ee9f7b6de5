using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>Makes the writes that add entries and replace the header, in upstream's bytes and places.</summary>
internal sealed class OplogWriter
{
    // Flags, an upgrade with one signature, and a run of blocks.
    private const int EntryOverhead = 128;

    // An entry with more nodes gets memory of its own, so that none of it stays.
    private const int UsualNodes = 64;

    private readonly CompactWriter _usual = new(EntryOverhead + UsualNodes * MerkleNode.MaxUsualSize);
    private readonly int[] _bits;
    private ExternalHeader? _external;

    internal OplogWriter(OplogBits bits, ExternalHeader? external, long end)
    {
        _bits = [bits.First, bits.Second];
        _external = external;
        EntriesLength = end - OplogFrame.EntriesOffset;
    }

    /// <summary>Bytes of entries that the header does not cover.</summary>
    internal long EntriesLength { get; private set; }

    internal FileWrite Append(OplogEntry entry)
    {
        int nodes = entry.TreeNodes?.Count ?? 0;
        bool usual = nodes <= UsualNodes;
        CompactWriter writer = usual ? OplogFrame.Start(_usual) : OplogFrame.Start(EntryOverhead + nodes * MerkleNode.MaxUsualSize);
        entry.Encode(writer);
        int headerBit = (_bits[0] + _bits[1]) & 1;
        ReadOnlyMemory<byte> frame = usual ? OplogFrame.Seal(writer, headerBit) : OplogFrame.SealInPlace(writer, headerBit);
        FileWrite write = new(CoreFile.Oplog, OplogFrame.EntriesOffset + EntriesLength, frame);
        EntriesLength += frame.Length;
        return write;
    }

    /// <summary>Writes the header into the older slot, and into the external file once it has outgrown the slots.</summary>
    internal IEnumerable<FileOperation> WriteHeader(CoreHeader header)
    {
        int slot = _bits[0] == _bits[1] ? 1 : 0;
        int bit = _bits[slot] ^ 1;
        CompactWriter writer = OplogFrame.Start();
        HeaderCodec.Encode(header, writer);
        if (_external is not null || writer.Length > OplogFrame.HeaderSlotSize)
        {
            ReadOnlyMemory<byte> encoded = writer.ToArray().AsMemory(OplogFrame.PrefixSize);
            _external = PlaceExternal(encoded.Length);
            yield return new FileWrite(CoreFile.Header, _external.Start, encoded);
            writer = OplogFrame.Start();
            HeaderCodec.EncodeExternal(_external, writer);
        }

        yield return new FileWrite(CoreFile.Oplog, slot * OplogFrame.HeaderSlotSize, OplogFrame.Seal(writer, bit));
        _bits[slot] = bit;
    }

    /// <summary>Drops the entries that the header now covers; the file is at least two slots long from then on.</summary>
    internal FileTruncate DropEntries()
    {
        EntriesLength = 0;
        return new FileTruncate(CoreFile.Oplog, OplogFrame.EntriesOffset);
    }

    /// <summary>Never over the previous copy: before it when there is room, else behind it on a page boundary.</summary>
    private ExternalHeader PlaceExternal(long length)
    {
        ExternalHeader old = _external ?? new ExternalHeader(0, 0);
        if (length <= old.Start)
            return new ExternalHeader(0, length);
        long end = old.Start + old.Length;
        return new ExternalHeader((end + OplogFrame.HeaderSlotSize - 1) / OplogFrame.HeaderSlotSize * OplogFrame.HeaderSlotSize, length);
    }
}
