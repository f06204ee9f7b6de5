using System.Text.Json;

namespace AuctionActors.Protocol.Tests.Fuzzing;

/// <summary>One decoder under fuzzing.</summary>
/// <param name="Method">Type and method, as <c>PeerRecord.TryDecode</c>.</param>
/// <param name="Decode">Feeds it bytes; true when it accepts them.</param>
/// <param name="Examples">What it accepts although no vector holds it alone.</param>
internal sealed record DecoderTarget(string Method, Func<byte[], bool> Decode, params byte[][] Examples)
{
    private static readonly Lazy<byte[][]> Recorded = new(() => [.. Strings()]);

    /// <summary>Everything recorded from the JavaScript modules that this decoder accepts, and the examples.</summary>
    public byte[][] Corpus() => [.. Recorded.Value.Where(Decode), .. Examples.Where(Decode)];

    public override string ToString() => Method;

    private static IEnumerable<byte[]> Strings()
    {
        string[] files = ["dht.json", "transport.json", "hypercore.json", "hyperbee.json", "hypercore-transcripts.json"];
        return files.SelectMany(file => HexStrings(Vectors.Load(file).RootElement)).Distinct(StringComparer.Ordinal).Select(Convert.FromHexString);
    }

    private static IEnumerable<string> HexStrings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => HexStrings(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(HexStrings),
        JsonValueKind.String when element.GetString() is { Length: > 0 and < 8192 } text && IsHex(text) => [text],
        _ => [],
    };

    private static bool IsHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
}
