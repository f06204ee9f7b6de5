using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hyperbee.Encodings;

namespace AuctionActors.Cli.Bee;

/// <summary>How bytes of a bee are typed and printed, by the name that JavaScript gives the encoding.</summary>
internal sealed class TextForm(string name)
{
    public static string[] Names { get; } = ["utf-8", "json", "ndjson", "binary", "hex", "base64", "ascii", "utf16le"];

    /// <param name="text">As somebody typed it.</param>
    public ReadOnlyMemory<byte> Encode(string text)
    {
        switch (name)
        {
            case "json" or "ndjson":
                if (!BeeEncodings.Json.TryDecode(Encoding.UTF8.GetBytes(text), out JsonNode? json))
                    throw CommandException.Usage($"'{text}' is not JSON", "for example '{\"price\":5}' or '\"text\"', or another encoding");
                return (name == "json" ? BeeEncodings.Json : BeeEncodings.JsonLine).Encode(json);
            case "binary" or "hex":
                byte[] binary = new byte[text.Length / 2];
                return Convert.FromHexString(text, binary, out _, out _) == OperationStatus.Done
                    ? binary
                    : throw CommandException.Usage($"'{text}' is not hex", "an even number of hex digits");
            case "base64":
                return Base64.IsValid(text) ? TextEncodings.Base64.Encode(text) : throw CommandException.Usage($"'{text}' is not base64", "for example aGk=");
            case "ascii":
                return Ascii.IsValid(text) ? TextEncodings.Ascii.Encode(text) : throw CommandException.Usage($"'{text}' is not ASCII", "utf-8 takes every letter");
            case "utf16le":
                return TextEncodings.Utf16.Encode(text);
            default:
                return BeeEncodings.Utf8.Encode(text);
        }
    }

    /// <summary>As JSON; what does not fit the encoding stands there as hex.</summary>
    public JsonNode? Decode(ReadOnlyMemory<byte> bytes)
    {
        switch (name)
        {
            case "json" or "ndjson" when BeeEncodings.Json.TryDecode(bytes, out JsonNode? json):
                return json;
            case "base64":
                return Convert.ToBase64String(bytes.Span);
            case "ascii" when TextEncodings.Ascii.TryDecode(bytes, out string ascii):
                return ascii;
            case "utf16le" when TextEncodings.Utf16.TryDecode(bytes, out string wide):
                return wide;
            case "utf-8":
                return Encoding.UTF8.GetString(bytes.Span);
            default:
                return Convert.ToHexStringLower(bytes.Span);
        }
    }
}
