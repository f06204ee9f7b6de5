using System.Buffers.Binary;
using System.Numerics;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Protocol.Hypercore.Bitfield;

/// <summary>Which blocks are stored: pages of 32768 bits, read when they are needed and kept within a limit.</summary>
public sealed class BlockBitfield
{
    public const int BitsPerPage = 8 * BytesPerPage;
    public const int BytesPerPage = 4096;

    private readonly IRandomAccess _file;
    private readonly int _maxCleanPages;
    private readonly Dictionary<long, Page> _pages = [];
    private readonly List<long> _dirty = [];
    private long _storedPages;

    internal BlockBitfield(IRandomAccess file, int maxCleanPages)
    {
        _file = file;
        _maxCleanPages = maxCleanPages;
        _storedPages = (file.Length + BytesPerPage - 1) / BytesPerPage;
    }

    public bool Get(long index) => Find(index / BitsPerPage) is { } page && page.Get((int)(index % BitsPerPage));

    /// <summary>The first index from a position whose bit has the value; -1 when no bit is set. Past the end are zeros.</summary>
    public long FindFirst(bool value, long from)
    {
        for (long number = from / BitsPerPage; number < PageCount; number++, from = number * BitsPerPage)
        {
            Page? page = Find(number);
            int found = page?.FindFirst(value, (int)(from % BitsPerPage)) ?? (value ? -1 : (int)(from % BitsPerPage));
            if (found >= 0)
                return number * BitsPerPage + found;
        }

        return value ? -1 : from;
    }

    /// <summary>The last set bit at or before a position; -1 when there is none.</summary>
    public long FindLastSet(long from)
    {
        for (long number = Math.Min(from / BitsPerPage, PageCount - 1); number >= 0; number--)
        {
            int start = number == from / BitsPerPage ? (int)(from % BitsPerPage) : BitsPerPage - 1;
            int found = Find(number)?.FindLastSet(start) ?? -1;
            if (found >= 0)
                return number * BitsPerPage + found;
        }

        return -1;
    }

    /// <summary>The runs of set bits between two positions, in order.</summary>
    public IEnumerable<(long Start, long Count)> Runs(long from, long end)
    {
        for (long start = FindFirst(true, from); start >= 0 && start < end;)
        {
            long next = Math.Min(FindFirst(false, start), end);
            yield return (start, next - start);
            start = FindFirst(true, next);
        }
    }

    /// <summary>Copies 32-bit words that begin at a bit index divisible by 32, as a bitfield message carries them.</summary>
    public void CopyWords(long firstBit, Span<byte> destination)
    {
        destination.Clear();
        for (int copied = 0; copied < destination.Length;)
        {
            long byteIndex = firstBit / 8 + copied;
            int offset = (int)(byteIndex % BytesPerPage);
            int count = Math.Min(BytesPerPage - offset, destination.Length - copied);
            if (Find(byteIndex / BytesPerPage) is { } page)
                page.Bytes.AsSpan(offset, count).CopyTo(destination[copied..]);
            copied += count;
        }
    }

    internal void SetRange(long start, long count, bool value)
    {
        while (count > 0)
        {
            int offset = (int)(start % BitsPerPage);
            int length = (int)Math.Min(count, BitsPerPage - offset);
            long number = start / BitsPerPage;
            if (value || number == 0 || number < PageCount)
            {
                Page page = FindOrAdd(number);
                page.Fill(offset, length, value);
                if (!page.Dirty)
                    _dirty.Add(number);
                page.Dirty = true;
            }
            else
            {
                return;
            }

            start += length;
            count -= length;
        }
    }

    /// <summary>The pages that changed, as writes; they stay in memory until the change is persisted.</summary>
    internal IEnumerable<FileWrite> TakeWrites(PersistId id)
    {
        foreach (long number in _dirty)
        {
            Page page = _pages[number];
            page.Dirty = false;
            page.PersistedBy = id;
            yield return new FileWrite(CoreFile.Bitfield, number * BytesPerPage, page.Bytes.ToArray());
            _storedPages = Math.Max(_storedPages, number + 1);
        }

        _dirty.Clear();
    }

    internal void HandlePersisted(PersistId id)
    {
        foreach (Page page in _pages.Values)
        {
            if (page.PersistedBy is { } pending && pending.Value <= id.Value)
                page.PersistedBy = null;
        }
    }

    private long PageCount => Math.Max(_storedPages, _pages.Count == 0 ? 0 : _highest + 1);

    private long _highest;

    private Page? Find(long number)
    {
        if (_pages.TryGetValue(number, out Page? page))
            return page;
        return number < _storedPages ? Load(number) : null;
    }

    private Page FindOrAdd(long number) => Find(number) ?? Add(number, new Page());

    private Page Load(long number)
    {
        Page page = new();
        int read = _file.Read(number * BytesPerPage, page.Bytes);
        page.Bytes.AsSpan(read & ~3).Clear();
        return Add(number, page);
    }

    private Page Add(long number, Page page)
    {
        if (_pages.Count >= _maxCleanPages)
            Evict();
        _pages.Add(number, page);
        _highest = Math.Max(_highest, number);
        return page;
    }

    private void Evict()
    {
        foreach ((long number, Page page) in _pages)
        {
            if (page.Dirty || page.PersistedBy is not null)
                continue;
            _pages.Remove(number);
            return;
        }
    }

    private sealed class Page
    {
        internal byte[] Bytes { get; } = new byte[BytesPerPage];

        internal bool Dirty { get; set; }

        internal PersistId? PersistedBy { get; set; }

        internal bool Get(int bit) => (Bytes[bit >> 3] >> (bit & 7) & 1) != 0;

        internal void Fill(int start, int count, bool value)
        {
            for (int end = start + count; start < end;)
            {
                if ((start & 7) == 0 && end - start >= 8)
                {
                    int whole = (end - start) / 8;
                    Bytes.AsSpan(start >> 3, whole).Fill(value ? (byte)0xff : (byte)0);
                    start += 8 * whole;
                    continue;
                }

                byte mask = (byte)(1 << (start & 7));
                Bytes[start >> 3] = value ? (byte)(Bytes[start >> 3] | mask) : (byte)(Bytes[start >> 3] & ~mask);
                start++;
            }
        }

        internal int FindFirst(bool value, int from)
        {
            ulong flip = value ? 0 : ulong.MaxValue;
            ulong mask = ulong.MaxValue << (from & 63);
            for (int word = from >> 6; word < BytesPerPage / 8; word++, mask = ulong.MaxValue)
            {
                ulong bits = (Word(word) ^ flip) & mask;
                if (bits != 0)
                    return 64 * word + BitOperations.TrailingZeroCount(bits);
            }

            return -1;
        }

        internal int FindLastSet(int from)
        {
            ulong mask = ulong.MaxValue >> (63 - (from & 63));
            for (int word = from >> 6; word >= 0; word--, mask = ulong.MaxValue)
            {
                ulong bits = Word(word) & mask;
                if (bits != 0)
                    return 64 * word + BitOperations.Log2(bits);
            }

            return -1;
        }

        private ulong Word(int index) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(8 * index));
    }
}
