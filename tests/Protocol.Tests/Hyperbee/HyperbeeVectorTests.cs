using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hyperbee.Encodings;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Protocol.Tests.Hyperbee;

public sealed class HyperbeeVectorTests
{
    private static readonly JsonElement Document = Vectors.Load("hyperbee.json").RootElement;

    public static TheoryData<string> SequenceNames
        => [.. Document.GetProperty("sequences").EnumerateArray().Select(sequence => sequence.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(SequenceNames))]
    public void Writes_the_blocks_that_JavaScript_writes(string name)
    {
        JsonElement sequence = Find(name);
        MemoryLog log = Replay(sequence);
        Assert.Equal(BlocksOf(sequence), log.Blocks.Select(Convert.ToHexStringLower));
    }

    [Theory]
    [MemberData(nameof(SequenceNames))]
    public void Reads_the_contents_that_JavaScript_reads(string name)
    {
        JsonElement sequence = Find(name);
        MemoryLog log = new();
        log.Blocks.AddRange(BlocksOf(sequence).Select(Convert.FromHexString));
        IEnumerable<string> expected = sequence.GetProperty("contents").EnumerateArray()
            .Select(entry => Describe(
                entry.GetProperty("seq").GetUInt64(),
                KeyOf(sequence, entry.GetProperty("key")),
                ValueOf(sequence, entry.GetProperty("value"))));
        Assert.Equal(expected, log.Scan(log.Open()).Select(entry => Describe(entry.Sequence, entry.Key, entry.Value)));
    }

    [Theory]
    [MemberData(nameof(SequenceNames))]
    public void Tells_puts_from_deletions_in_the_history(string name)
    {
        JsonElement sequence = Find(name);
        MemoryLog log = new();
        log.Blocks.AddRange(BlocksOf(sequence).Select(Convert.FromHexString));
        BeeHistory history = new(log.Open(), log.Length);
        foreach (JsonElement expected in sequence.GetProperty("history").EnumerateArray())
        {
            Assert.Equal(BeeProgress.Done, history.Next(out BeeChange? change));
            Assert.Equal(expected.GetProperty("seq").GetUInt64(), change!.Entry.Sequence);
            Assert.Equal(expected.GetProperty("type").GetString() == "del", change.IsDeletion);
        }

        Assert.Equal(BeeProgress.Done, history.Next(out BeeChange? none));
        Assert.Null(none);
    }

    [Theory]
    [MemberData(nameof(SequenceNames))]
    public void The_first_block_is_a_header_that_no_other_block_is(string name)
    {
        byte[][] blocks = [.. BlocksOf(Find(name)).Select(Convert.FromHexString)];
        Assert.True(BeeHeader.TryDecode(blocks[0], out BeeHeader header));
        Assert.Equal(blocks[0], header.Encode());
        Assert.All(blocks[1..], block => Assert.False(BeeHeader.TryDecode(block, out _)));
    }

    [Fact]
    public void Six_hundred_random_writes_give_the_blocks_of_JavaScript()
    {
        JsonElement stress = Document.GetProperty("stress");
        MemoryLog log = new();
        BeeBlocks blocks = log.Open();
        foreach (JsonElement operation in stress.GetProperty("ops").EnumerateArray())
            Apply(log, blocks, null, operation, default);
        Assert.Equal(stress.GetProperty("coreLength").GetUInt64(), log.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        log.Blocks.ForEach(block => hash.AppendData(block));
        Assert.Equal(stress.GetProperty("sha256OfAllBlocksConcatenated").GetString(), Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal(
            stress.GetProperty("contents").EnumerateArray()
                .Select(entry => $"{entry[0].GetUInt64()} {entry[1].GetString()} {entry[2].GetString()}"),
            log.Scan(blocks).Select(entry =>
                $"{entry.Sequence} {Encoding.UTF8.GetString(entry.Key.Span)} {Encoding.UTF8.GetString(entry.Value!.Value.Span)}"));
    }

    private static MemoryLog Replay(JsonElement sequence)
    {
        JsonElement options = sequence.GetProperty("options");
        MemoryLog log = new();
        if (options.TryGetProperty("metadata", out JsonElement metadata))
        {
            JsonElement bytes = metadata.GetProperty("contentFeed").GetProperty("data");
            byte[] key = [.. bytes.EnumerateArray().Select(value => value.GetByte())];
            log.Blocks.Add(new BeeHeader(new Bytes32(key)).Encode());
        }

        bool duplicates = !options.TryGetProperty("alwaysDuplicate", out JsonElement duplicate) || duplicate.GetBoolean();
        BeeBlocks blocks = log.Open(new BeeOptions { AlwaysDuplicate = duplicates });
        BeeBatch? batch = null;
        foreach (JsonElement operation in sequence.GetProperty("ops").EnumerateArray())
        {
            switch (operation[0].GetString())
            {
                case "batch begin":
                    if (log.Blocks.Count == 0)
                        log.Blocks.Add(new BeeHeader().Encode());
                    batch = new BeeBatch(blocks, log.Length);
                    break;
                case "batch flush":
                    log.Blocks.AddRange(batch!.Finish());
                    batch = null;
                    break;
                default:
                    Apply(log, blocks, batch, operation, sequence);
                    break;
            }
        }

        return log;
    }

    private static void Apply(MemoryLog log, BeeBlocks blocks, BeeBatch? batch, JsonElement operation, JsonElement sequence)
    {
        string[] words = operation[0].GetString()!.Split(' ');
        KeyPrefix prefix = PrefixOf(words);
        ReadOnlyMemory<byte> key = prefix.Apply(KeyOf(sequence, operation[1]));
        BeeWrite Run(BeeBatch target) => words[^1] == "put" ? target.Put(key, ValueOf(sequence, operation[2])) : target.Delete(key);
        BeeWrite result = batch is null ? log.Write(blocks, Run) : Run(batch);
        Assert.True(result is BeeWrite.Written or BeeWrite.Unchanged);
    }

    private static KeyPrefix PrefixOf(string[] words)
    {
        if (words[0] != "sub")
            return KeyPrefix.None;
        string? separator = words.Length > 3 ? words[3].Trim('"') : null;
        return words[1].Split('/').Aggregate(KeyPrefix.None, (prefix, name) => prefix.Sub(name, separator));
    }

    private static JsonElement Find(string name)
        => Document.GetProperty("sequences").EnumerateArray().First(sequence => sequence.GetProperty("name").GetString() == name);

    private static IEnumerable<string> BlocksOf(JsonElement sequence)
        => sequence.GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("hex").GetString()!);

    private static ReadOnlyMemory<byte> KeyOf(JsonElement sequence, JsonElement key)
        => Encoded(sequence, "keyEncoding", key) ?? throw new InvalidDataException("a key is never null");

    private static ReadOnlyMemory<byte>? ValueOf(JsonElement sequence, JsonElement value) => Encoded(sequence, "valueEncoding", value);

    private static ReadOnlyMemory<byte>? Encoded(JsonElement sequence, string which, JsonElement value)
    {
        string encoding = sequence.ValueKind == JsonValueKind.Undefined ? "utf-8"
            : sequence.GetProperty("options").TryGetProperty(which, out JsonElement name) ? name.GetString()! : "binary";
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        return encoding switch
        {
            "json" => BeeEncodings.Json.Encode(JsonNode.Parse(value.GetRawText())),
            "utf-8" => BeeEncodings.Utf8.Encode(value.GetString()!),
            _ => BeeEncodings.Binary.Encode(Convert.FromHexString(value.GetString()!)),
        };
    }

    private static string Describe(ulong sequence, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
        => $"{sequence} {Convert.ToHexStringLower(key.Span)} {(value is { } bytes ? Convert.ToHexStringLower(bytes.Span) : "null")}";
}
