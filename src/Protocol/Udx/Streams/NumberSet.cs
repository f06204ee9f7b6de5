using System.Numerics;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Which packet numbers of a sliding range are members: one bit each, in a ring whose size is a power of two.</summary>
internal sealed class NumberSet(int capacity)
{
    private const int WordBits = 64;
    private readonly ulong[] _words = new ulong[(capacity + WordBits - 1) / WordBits];

    /// <summary>Has no room for a member.</summary>
    public static NumberSet Empty { get; } = new(0);

    public bool Contains(long number) => (_words[WordOf(number)] & BitOf(number)) != 0;

    public void Add(long number) => _words[WordOf(number)] |= BitOf(number);

    public void Remove(long number) => _words[WordOf(number)] &= ~BitOf(number);

    /// <summary>The first number from <paramref name="from"/> on that is a member or is none, or <paramref name="end"/>.</summary>
    public long First(long from, long end, bool isMember)
    {
        for (long number = from; number < end;)
        {
            int offset = OffsetOf(number);
            ulong rest = Matching(number, isMember) >> offset;
            if (rest != 0)
                return Math.Min(end, number + BitOperations.TrailingZeroCount(rest));
            number += WordBits - offset;
        }

        return end;
    }

    /// <summary>The last number before <paramref name="end"/> that is a member or is none, or the one before <paramref name="from"/>.</summary>
    public long Last(long from, long end, bool isMember)
    {
        for (long number = end - 1; number >= from;)
        {
            int offset = OffsetOf(number);
            ulong rest = Matching(number, isMember) << (WordBits - 1 - offset);
            if (rest != 0)
                return Math.Max(from - 1, number - BitOperations.LeadingZeroCount(rest));
            number -= offset + 1;
        }

        return from - 1;
    }

    private ulong Matching(long number, bool isMember) => isMember ? _words[WordOf(number)] : ~_words[WordOf(number)];

    private int WordOf(long number) => (int)((number / WordBits) & (_words.Length - 1));

    private static int OffsetOf(long number) => (int)(number & (WordBits - 1));

    private static ulong BitOf(long number) => 1UL << OffsetOf(number);
}
