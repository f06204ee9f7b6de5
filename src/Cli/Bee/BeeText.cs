using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hyperbee.Encodings;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary>Keys and values as people and programs write them.</summary>
internal sealed class BeeText(string encoding)
{
    private static readonly string[] s_encodings = ["utf-8", "json", "binary"];

    public static Option<string> Option()
    {
        Option<string> option = new("--encoding")
        {
            Description = "of the values: utf-8, json, or binary (as hex)",
            DefaultValueFactory = _ => s_encodings[0],
        };
        option.AcceptOnlyFromAmong(s_encodings);
        return option;
    }

    public static ReadOnlyMemory<byte> Key(string text) => BeeEncodings.Utf8.Encode(text);

    public static string Key(ReadOnlyMemory<byte> key) => Encoding.UTF8.GetString(key.Span);

    public ReadOnlyMemory<byte> Value(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        switch (encoding)
        {
            case "json":
                return BeeEncodings.Json.TryDecode(bytes, out JsonNode? json)
                    ? BeeEncodings.Json.Encode(json)
                    : throw CommandException.Usage($"'{text}' is not JSON", "for example '{\"price\":5}', or leave out --encoding json");
            case "binary":
                byte[] binary = new byte[text.Length / 2];
                return Convert.FromHexString(text, binary, out _, out _) == System.Buffers.OperationStatus.Done
                    ? binary
                    : throw CommandException.Usage($"'{text}' is not hex", "an even number of hex digits");
            default:
                return bytes;
        }
    }

    /// <summary>As JSON; what does not fit the encoding stands there as hex.</summary>
    public JsonNode? Value(ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
            return null;
        if (encoding == "json" && BeeEncodings.Json.TryDecode(bytes, out JsonNode? json))
            return json;
        return encoding == "utf-8" ? Encoding.UTF8.GetString(bytes.Span) : Convert.ToHexStringLower(bytes.Span);
    }

    public JsonObject ToJson(BeeEntry entry)
        => new() { ["seq"] = entry.Sequence, ["key"] = Key(entry.Key), ["value"] = Value(entry.Value) };

    public string ToLine(BeeEntry entry) => $"{Key(entry.Key)}\t{ToLine(Value(entry.Value))}";

    public static string ToLine(JsonNode? value)
        => value is JsonValue text && text.TryGetValue(out string? plain) ? plain : value?.ToJsonString(JsonOutput.Compact) ?? "";
}
