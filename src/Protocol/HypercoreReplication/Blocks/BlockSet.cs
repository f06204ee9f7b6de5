using System.Numerics;

namespace Hyper.Protocol.HypercoreReplication.Blocks;

/// <summary>Which blocks one side has: a prefix without gaps, and pages of bits where there are gaps.</summary>
/// <remarks>Costs nothing for what a peer claims: pages exist only for bits that were set, and their number is limited.</remarks>
public sealed class BlockSet(int maxPages = BlockSet.DefaultMaxPages)
{
    /// <summary>Four mebibytes of bits: the gaps of 33 million blocks.</summary>
    public const int DefaultMaxPages = 1024;

    private const int PageBits = 32768;
    private const int PageWords = PageBits / 64;

    private readonly Dictionary<long, ulong[]> _pages = [];

    /// <summary>Every block below is in the set.</summary>
    public long Contiguous { get; private set; }

    public bool Contains(long index)
        => index < Contiguous || (_pages.TryGetValue(index / PageBits, out ulong[]? page) && (page[Word(index)] & Bit(index)) != 0);

    /// <summary>Adds a run of blocks. Beyond the limit of pages the rest is forgotten: it can be announced again.</summary>
    public void Add(long start, long length)
    {
        long end = End(start, length);
        if (start <= Contiguous)
            Contiguous = Math.Max(Contiguous, end);
        else
            Fill(start, end, true);
        Absorb();
    }

    /// <summary>Takes a run of blocks out.</summary>
    public void Remove(long start, long length)
    {
        long end = End(start, length);
        if (start < Contiguous)
        {
            long contiguous = Contiguous;
            Contiguous = start;
            Fill(Math.Min(end, contiguous), contiguous, true);
        }

        Fill(start, end, false);
    }

    /// <summary>Replaces as many bits as there are, least significant bit of each byte first; the start is a multiple of 32.</summary>
    public void Replace(long start, ReadOnlySpan<byte> bits)
    {
        Remove(start, 8L * bits.Length);
        long run = -1;
        for (int i = 0; i < bits.Length * 8; i++)
        {
            bool set = (bits[i >> 3] & (1 << (i & 7))) != 0;
            if (set && run < 0)
                run = i;
            if (set || run < 0)
                continue;
            Fill(start + run, start + i, true);
            run = -1;
        }

        if (run >= 0)
            Fill(start + run, start + (8L * bits.Length), true);
        Absorb();
    }

    /// <summary>The first block from an index that is not in the set.</summary>
    public long NextAbsent(long from)
    {
        from = Math.Max(from, Contiguous);
        while (_pages.TryGetValue(from / PageBits, out ulong[]? page))
        {
            if (FindInPage(page, from, invert: true) is { } found)
                return found;
            from = ((from / PageBits) + 1) * PageBits;
        }

        return from;
    }

    /// <summary>The first block of the set in [<paramref name="from"/>, <paramref name="end"/>), or -1.</summary>
    public long NextPresent(long from, long end)
    {
        if (from < Contiguous)
            return from < end ? from : -1;
        while (from < end)
        {
            if (_pages.TryGetValue(from / PageBits, out ulong[]? page) && FindInPage(page, from, invert: false) is { } found)
                return found < end ? found : -1;
            from = NextPage(from);
            if (from < 0)
                return -1;
        }

        return -1;
    }

    /// <summary>The bits of a run of blocks as a message carries them: whole 32-bit words.</summary>
    public byte[] ToBits(long start, int words)
    {
        byte[] bits = new byte[words * 4];
        for (long index = NextPresent(start, start + (32L * words)); index >= 0; index = NextPresent(index + 1, start + (32L * words)))
            bits[(index - start) >> 3] |= (byte)(1 << (int)((index - start) & 7));
        return bits;
    }

    public void Clear()
    {
        Contiguous = 0;
        _pages.Clear();
    }

    private static long End(long start, long length) => length > long.MaxValue - start ? long.MaxValue : start + length;

    private static int Word(long index) => (int)(index % PageBits) >> 6;

    private static ulong Bit(long index) => 1UL << (int)(index & 63);

    private static long? FindInPage(ulong[] page, long from, bool invert)
    {
        int word = Word(from);
        ulong bits = (invert ? ~page[word] : page[word]) & (ulong.MaxValue << (int)(from & 63));
        while (bits == 0 && ++word < PageWords)
            bits = invert ? ~page[word] : page[word];
        return bits == 0 ? null : ((from / PageBits) * PageBits) + (word * 64L) + BitOperations.TrailingZeroCount(bits);
    }

    // A claim may span 2^53 blocks: look at the pages that exist instead of every page in between.
    private long NextPage(long from)
    {
        long next = -1;
        foreach (long page in _pages.Keys)
            if (page > from / PageBits && (next < 0 || page < next))
                next = page;
        return next < 0 ? -1 : next * PageBits;
    }

    private void Fill(long start, long end, bool value)
    {
        if (!value)
        {
            foreach (long page in _pages.Keys.Where(page => page >= start / PageBits && page <= (end - 1) / PageBits).ToArray())
                FillPage(page, start, end, false);
            return;
        }

        for (long page = start / PageBits; page * PageBits < end; page++)
        {
            if (!_pages.ContainsKey(page) && _pages.Count >= maxPages)
                return;
            FillPage(page, start, end, true);
        }
    }

    private void FillPage(long number, long start, long end, bool value)
    {
        if (!_pages.TryGetValue(number, out ulong[]? page))
            _pages.Add(number, page = new ulong[PageWords]);
        long first = Math.Max(start - (number * PageBits), 0), last = Math.Min(end - (number * PageBits), PageBits);
        for (long bit = first; bit < last;)
        {
            if ((bit & 63) == 0 && last - bit >= 64)
            {
                int words = (int)((last - bit) / 64);
                page.AsSpan((int)(bit >> 6), words).Fill(value ? ulong.MaxValue : 0);
                bit += 64L * words;
                continue;
            }

            page[bit >> 6] = value ? page[bit >> 6] | Bit(bit) : page[bit >> 6] & ~Bit(bit);
            bit++;
        }
    }

    private void Absorb()
    {
        if (_pages.Count == 0)
            return;
        Contiguous = NextAbsent(Contiguous);
        foreach (long page in _pages.Keys.Where(page => (page + 1) * PageBits <= Contiguous).ToArray())
            _pages.Remove(page);
    }
}
