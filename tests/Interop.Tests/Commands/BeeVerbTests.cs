using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Commands;

/// <summary><c>auction bee</c> on a folder, as somebody would type it.</summary>
public sealed class BeeVerbTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bee-verbs-").FullName;
    private readonly string _folder;

    public BeeVerbTests()
    {
        _folder = Path.Combine(_root, "feed");
        Assert.Equal(0, AuctionCommand.Run("core", "create", _folder).Code);
    }

    [Fact]
    public void Two_versions_are_compared_as_JavaScript_does_newer_on_the_left()
    {
        foreach (string[] step in (string[][])[["put", "a", "1"], ["put", "b", "2"], ["put", "a", "3"], ["del", "b"], ["put", "c", "4"]])
            Bee([step[0], _folder, .. step[1..]]);
        List<JsonObject> all = Bee("diff", _folder, "3");
        Assert.Equal(
            ["a: 1 -> 3", "b: 2 -> ", "c:  -> 4"],
            all.Select(difference => $"{Side(difference, "key")}: {difference["right"]?["value"]} -> {difference["left"]?["value"]}"));
        Assert.Equal(["a"], Bee("diff", _folder, "3", "4").Select(difference => Side(difference, "key")));
        Assert.Equal(["c"], Bee("diff", _folder, "3", "--gt", "b").Select(difference => Side(difference, "key")));
        Assert.Equal(["a"], Bee("diff", _folder, "3", "--limit", "1").Select(difference => Side(difference, "key")));
        Assert.Equal((4, "NO_VERSION", "1 to 6; 'auction bee history' lists them"), Refusal("bee", "diff", _folder, "99"));
        Assert.Equal((4, "NO_VERSION", "1 to 6; 'auction bee history' lists them"), Refusal("bee", "get", _folder, "a", "--checkout", "7"));
    }

    [Fact]
    public void A_file_is_said_to_be_no_folder_of_a_core()
    {
        string file = Path.Combine(_root, "notes.txt");
        File.WriteAllText(file, "text");
        Assert.Equal((2, "STORAGE_UNUSABLE", "the folder of a core"), Refusal("core", "append", file, "x"));
        Assert.Equal((2, "STORAGE_UNUSABLE", "the folder of a core"), Refusal("bee", "get", file, "x"));
    }

    [Fact]
    public void Sub_databases_and_encodings_are_those_of_JavaScript()
    {
        string[] sub = ["--sub", "shop", "--sub", "prices", "--encoding", "json"];
        Bee(["put", _folder, "tea", "{\"cents\": 5}", .. sub]);
        Bee(["put", _folder, "milk", "[1]", .. sub]);
        Bee("put", _folder, "outside", "text");
        Assert.Equal(["milk", "tea"], Bee(["ls", _folder, .. sub]).Select(entry => (string?)entry["key"]));
        Assert.Equal(5, (int?)Bee(["get", _folder, "tea", .. sub])[0]["value"]!["cents"]);
        Assert.Equal(["tea", "milk"], Bee(["history", _folder, .. sub]).Select(entry => (string?)entry["key"]));
        Assert.Equal(["milk", "tea"], Bee(["diff", _folder, "1", .. sub]).Select(difference => Side(difference, "key")));
        Assert.Equal("\"shop\\u0000prices\\u0000milk\"", Bee("ls", _folder).Select(entry => entry["key"]!.ToJsonString()).ElementAt(1));
        Assert.Equal("73686f700070726963657300746561", (string?)Bee("ls", _folder, "--key-encoding", "hex", "--reverse", "--limit", "1")[0]["key"]);
        Bee(["del", _folder, "tea", "--sub", "shop", "--sub", "prices"]);
        Assert.Equal((4, "NO_KEY", "'auction bee ls' lists the keys"), Refusal(["bee", "get", _folder, "tea", .. sub]));
    }

    [Fact]
    public void An_earlier_version_of_a_sub_database_holds_and_is_compared_by_its_own_keys_only()
    {
        string[] shop = ["--sub", "shop"], prices = [.. shop, "--sub", "prices"];
        Bee(["put", _folder, "tea", "1", .. prices]);
        Bee(["put", _folder, "open", "yes", .. shop]);
        Bee(["put", _folder, "milk", "2", .. prices]);
        Bee("put", _folder, "outside", "text");
        Bee(["del", _folder, "tea", .. prices]);
        Assert.Equal(["tea"], Bee(["ls", _folder, "--checkout", "3", .. prices]).Select(entry => (string?)entry["key"]));
        Assert.Equal(["open", "prices\0tea"], Bee(["ls", _folder, "--checkout", "3", .. shop]).Select(entry => (string?)entry["key"]));
        Assert.Equal(["milk", "tea"], Bee(["diff", _folder, "3", .. prices]).Select(difference => Side(difference, "key")));
        Assert.Equal(["milk"], Bee(["diff", _folder, "3", "5", .. prices]).Select(difference => Side(difference, "key")));
    }

    [Theory]
    [InlineData("hex", "00ff", "00ff")]
    [InlineData("binary", "00FF", "00ff")]
    [InlineData("base64", "AP8=", "00ff")]
    [InlineData("utf16le", "hi", "68006900")]
    [InlineData("ascii", "hi", "6869")]
    [InlineData("json", "\"hi\"", "22686922")]
    [InlineData("ndjson", "\"hi\"", "226869220a")]
    public void A_key_and_a_value_are_stored_with_the_bytes_of_their_encoding(string encoding, string typed, string bytes)
    {
        Bee("put", _folder, typed, typed, "--key-encoding", encoding, "--encoding", encoding);
        JsonObject raw = Bee("ls", _folder, "--key-encoding", "hex", "--encoding", "hex")[0];
        Assert.Equal((bytes, bytes), ((string?)raw["key"], (string?)raw["value"]));
        JsonObject same = Bee("get", _folder, typed, "--key-encoding", encoding, "--encoding", encoding)[0];
        Assert.Equal(typed.Trim('"').ToLowerInvariant(), ((string?)same["value"])!.ToLowerInvariant());
    }

    [Theory]
    [InlineData("json", "7b")]
    [InlineData("ndjson", "fffe")]
    [InlineData("utf16le", "616263")]
    public void A_value_that_does_not_fit_the_named_encoding_is_shown_as_hex(string encoding, string bytes)
    {
        Bee("put", _folder, bytes, bytes, "--key-encoding", "hex", "--encoding", "hex");
        JsonObject shown = Bee("ls", _folder, "--key-encoding", encoding, "--encoding", encoding)[0];
        Assert.Equal((bytes, bytes), ((string?)shown["key"], (string?)shown["value"]));
    }

    [Theory]
    [InlineData("json", "{", "for example '{\"price\":5}' or '\"text\"', or another encoding")]
    [InlineData("hex", "abc", "an even number of hex digits")]
    [InlineData("base64", "!", "for example aGk=")]
    [InlineData("ascii", "é", "utf-8 takes every letter")]
    public void Text_that_is_not_in_the_named_encoding_is_refused_in_one_line(string encoding, string typed, string expected)
        => Assert.Equal((2, "USAGE", expected), Refusal("bee", "put", _folder, "key", typed, "--encoding", encoding));

    [Fact]
    public void A_core_that_holds_no_bee_is_neither_read_nor_written_as_one()
    {
        AuctionCommand.Run("core", "append", _folder, "plain");
        Assert.Equal((6, "NOT_A_BEE", "'auction core cat' prints plain blocks"), Refusal("bee", "ls", _folder));
        Assert.Equal((6, "NOT_A_BEE", "'auction core cat' prints plain blocks"), Refusal("bee", "put", _folder, "key", "value"));
    }

    [Fact]
    public void Letters_that_would_steer_a_terminal_are_escaped_in_lines()
    {
        Bee("put", _folder, "\u001b[31mred", "two\nlines\tand a tab");
        using NodePeer list = AuctionCommand.Start("bee", "ls", _folder);
        Assert.Equal("\\u001b[31mred\ttwo\\nlines\\tand a tab", list.ReadLine());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string? Side(JsonObject difference, string name) => (string?)(difference["left"] ?? difference["right"])![name];

    private static List<JsonObject> Bee(params string[] arguments)
    {
        (int code, List<JsonObject> output) = AuctionCommand.Run(["bee", .. arguments]);
        Assert.Equal(0, code);
        return output;
    }

    private static (int Code, string? Word, string? Expected) Refusal(params string[] arguments)
    {
        (int code, List<JsonObject> output) = AuctionCommand.Run(arguments);
        return (code, (string?)output[0]["error"]!["code"], (string?)output[0]["error"]!["expected"]);
    }
}
