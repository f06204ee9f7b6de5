using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hyperbee.Encodings;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary>Keys and values of a bee, or of a sub-database in it, as people and programs write them.</summary>
internal sealed class BeeText(KeyPrefix prefix, TextForm keys, TextForm values)
{
    private static readonly Option<string[]> s_sub = new("--sub") { Description = "name of a sub-database; again for one within it" };
    private static readonly Option<string?> s_separator = new("--separator") { Description = "text after the name of a sub-database (default: a zero byte)" };
    private static readonly Option<string> s_keys = Encoding("--key-encoding", "of the keys");
    private static readonly Option<string> s_values = Encoding("--encoding", "of the values");

    public static void AddOptions(Command verb, bool values = true)
    {
        verb.Options.Add(s_sub);
        verb.Options.Add(s_separator);
        verb.Options.Add(s_keys);
        if (values)
            verb.Options.Add(s_values);
    }

    public static BeeText Of(ParseResult parsed)
    {
        KeyPrefix prefix = KeyPrefix.None;
        foreach (string name in parsed.GetValue(s_sub) ?? [])
            prefix = prefix.Sub(name, parsed.GetValue(s_separator));
        return new BeeText(prefix, new TextForm(parsed.GetValue(s_keys)!), new TextForm(parsed.GetValue(s_values) ?? TextForm.Names[0]));
    }

    public ReadOnlyMemory<byte> Key(string text) => prefix.Apply(keys.Encode(text));

    /// <summary>The bounds, typed without the names of the sub-database, as stored keys.</summary>
    public BeeRange Range(BeeRange bounds) => prefix.Apply(bounds);

    public ReadOnlyMemory<byte> Bound(string text) => keys.Encode(text);

    public ReadOnlyMemory<byte> Value(string text) => values.Encode(text);

    /// <summary>Whether the key belongs to the sub-database.</summary>
    public bool Holds(BeeEntry entry) => entry.Key.Span.StartsWith(prefix.Bytes.Span);

    public JsonNode? Value(BeeEntry entry) => entry.Value is { } value ? values.Decode(value) : null;

    public JsonObject ToJson(BeeEntry entry)
        => new() { ["seq"] = entry.Sequence, ["key"] = keys.Decode(prefix.Strip(entry.Key)), ["value"] = Value(entry) };

    public string ToLine(BeeEntry entry)
        => $"{PrintableText.Line(ToText(keys.Decode(prefix.Strip(entry.Key))))}\t{PrintableText.Line(ToText(Value(entry)))}";

    public static string ToText(JsonNode? value)
        => value is JsonValue text && text.TryGetValue(out string? plain) ? plain : value?.ToJsonString(JsonOutput.Compact) ?? "";

    private static Option<string> Encoding(string name, string whose)
    {
        Option<string> option = new(name)
        {
            Description = $"{whose}: {string.Join(", ", TextForm.Names)}; binary is typed and printed as hex",
            DefaultValueFactory = _ => TextForm.Names[0],
        };
        option.AcceptOnlyFromAmong(TextForm.Names);
        return option;
    }
}
