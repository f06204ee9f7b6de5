namespace AuctionActors.Protocol.Tests.Fuzzing;

/// <summary>Damages valid messages the way an attacker would: flipped bits, absurd lengths, cut, repeated and spliced parts.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int MaxLength = 8192;
    private static readonly byte[] Telling = [0, 1, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];
    private readonly Random _random = new(seed);

    /// <summary>A message of the corpus with one to six kinds of damage.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. Pick()];
        for (int left = _random.Next(1, 7); left > 0; left--)
            Damage(bytes);
        return [.. bytes.Take(MaxLength)];
    }

    private byte[] Pick() => corpus[_random.Next(corpus.Count)];

    private void Damage(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1);
        int count = Math.Min(_random.Next(1, 33), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Telling[_random.Next(Telling.Length)];
                break;
            case 2:
                bytes.InsertRange(at, AbsurdInteger());
                break;
            case 3:
                bytes.RemoveRange(at, count);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                byte[] other = Pick();
                bytes.InsertRange(at, other.AsSpan(_random.Next(other.Length + 1)));
                break;
            default:
                byte[] noise = new byte[_random.Next(1, 17)];
                _random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
        }
    }

    // A compact integer that, taken for a length or a count, asks for more than there is.
    private byte[] AbsurdInteger()
    {
        byte[] bytes = _random.Next(3) switch
        {
            0 => [0xfd, 0, 0],
            1 => [0xfe, 0, 0, 0, 0],
            _ => [0xff, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        _random.NextBytes(bytes.AsSpan(1));
        return bytes;
    }
}
