using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hyper.Protocol.Hyperbee.Encodings;

/// <summary>The encodings that JavaScript calls <c>utf-8</c>, <c>binary</c> and <c>json</c>.</summary>
public static class BeeEncodings
{
    public static IBeeEncoding<string> Utf8 { get; } = new Utf8Encoding();

    public static IBeeEncoding<ReadOnlyMemory<byte>> Binary { get; } = new BinaryEncoding();

    /// <summary>Compact JSON; non-ASCII letters stand as they are.</summary>
    public static IBeeEncoding<JsonNode?> Json { get; } = new JsonEncoding();

    /// <summary>Compact JSON with a line feed after it.</summary>
    public static IBeeEncoding<JsonNode?> JsonLine { get; } = new JsonLineEncoding();

    private sealed class JsonLineEncoding : IBeeEncoding<JsonNode?>
    {
        public ReadOnlyMemory<byte> Encode(JsonNode? value) => (byte[])[.. Json.Encode(value).Span, (byte)'\n'];

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out JsonNode? value) => Json.TryDecode(bytes, out value);
    }

    private sealed class Utf8Encoding : IBeeEncoding<string>
    {
        public ReadOnlyMemory<byte> Encode(string value) => Encoding.UTF8.GetBytes(value);

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out string value)
        {
            value = Encoding.UTF8.GetString(bytes.Span);
            return true;
        }
    }

    private sealed class BinaryEncoding : IBeeEncoding<ReadOnlyMemory<byte>>
    {
        public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> value) => value;

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> value)
        {
            value = bytes;
            return true;
        }
    }

    private sealed class JsonEncoding : IBeeEncoding<JsonNode?>
    {
        private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public ReadOnlyMemory<byte> Encode(JsonNode? value) => Encoding.UTF8.GetBytes(value?.ToJsonString(Compact) ?? "null");

        public bool TryDecode(ReadOnlyMemory<byte> bytes, out JsonNode? value)
        {
            value = null;
            try
            {
                value = JsonNode.Parse(bytes.Span);
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
