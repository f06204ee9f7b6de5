using System.Text;

namespace Hyper.Protocol.Hyperbee.Encodings;

/// <summary>The encodings of text other than UTF-8 that JavaScript writers may name.</summary>
public static class TextEncodings
{
    /// <summary>The low byte of each letter; read with seven bits, so only real ASCII comes back as it was.</summary>
    public static IBeeEncoding<string> Ascii { get; } = new AsciiEncoding();

    /// <summary>Text of hexadecimal digits that is stored as the bytes it stands for.</summary>
    public static IBeeEncoding<string> Hex { get; } = new HexEncoding();

    /// <summary>Base64 text that is stored as the bytes it stands for.</summary>
    public static IBeeEncoding<string> Base64 { get; } = new Base64Encoding();

    /// <summary>Two bytes for each letter, low byte first; JavaScript's <c>ucs2</c> and <c>utf16le</c>.</summary>
    public static IBeeEncoding<string> Utf16 { get; } = new Utf16Encoding();

    private sealed class AsciiEncoding : IBeeEncoding<string>
    {
        public ReadOnlyMemory<byte> Encode(string value) => value.Select(letter => (byte)letter).ToArray();

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out string value)
        {
            value = string.Create(bytes.Length, bytes, (letters, source) =>
            {
                for (int i = 0; i < letters.Length; i++)
                    letters[i] = (char)(source.Span[i] & 0x7f);
            });
            return true;
        }
    }

    private sealed class HexEncoding : IBeeEncoding<string>
    {
        public ReadOnlyMemory<byte> Encode(string value) => Convert.FromHexString(value);

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out string value)
        {
            value = Convert.ToHexStringLower(bytes.Span);
            return true;
        }
    }

    private sealed class Base64Encoding : IBeeEncoding<string>
    {
        public ReadOnlyMemory<byte> Encode(string value) => Convert.FromBase64String(value);

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out string value)
        {
            value = Convert.ToBase64String(bytes.Span);
            return true;
        }
    }

    private sealed class Utf16Encoding : IBeeEncoding<string>
    {
        public ReadOnlyMemory<byte> Encode(string value) => Encoding.Unicode.GetBytes(value);

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out string value)
        {
            value = Encoding.Unicode.GetString(bytes.Span);
            return bytes.Length % 2 == 0;
        }
    }
}
