namespace Hyper.Protocol.CompactEncoding;

/// <summary>The letters in which upstream writes a key for people: five bits each, 52 for 32 bytes.</summary>
public static class ZBase32
{
    private const string Alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";

    /// <summary>Letters of one key; the last four of their bits are unused.</summary>
    public const int KeyLength = 52;

    public static string Encode(Bytes32 value)
    {
        ReadOnlySpan<byte> bytes = value.Span;
        Span<char> text = stackalloc char[KeyLength];
        for (int i = 0; i < KeyLength; i++)
        {
            int bit = 5 * i, at = bit / 8;
            int two = (bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
            text[i] = Alphabet[(two >> (11 - (bit % 8))) & 31];
        }

        return new string(text);
    }

    /// <summary>Reads exactly one key.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out Bytes32 value)
    {
        value = default;
        if (text.Length != KeyLength)
            return false;
        Span<byte> bytes = stackalloc byte[Bytes32.Size + 1];
        bytes.Clear();
        for (int i = 0; i < KeyLength; i++)
        {
            int letter = Alphabet.IndexOf(text[i]);
            if (letter < 0)
                return false;
            int bit = 5 * i, two = letter << (11 - (bit % 8));
            bytes[bit / 8] |= (byte)(two >> 8);
            bytes[(bit / 8) + 1] |= (byte)two;
        }

        value = new Bytes32(bytes[..Bytes32.Size]);
        return true;
    }
}
