using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuctionActors.EventLog.Querying;

/// <summary>What a finished log must be: written beside it when the run ends.</summary>
/// <param name="Key">The log core's public key, hexadecimal.</param>
/// <param name="Length">Blocks.</param>
/// <param name="TreeHash">Hash of the core's Merkle roots, hexadecimal: the digest of the run.</param>
/// <param name="Count">Events.</param>
public sealed record EventLogSeal(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("length")] long Length,
    [property: JsonPropertyName("treeHash")] string TreeHash,
    [property: JsonPropertyName("count")] long Count)
{
    public const string FileName = "seal.json";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Null when the bytes are no seal.</summary>
    public static EventLogSeal? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<EventLogSeal>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
