using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Commands;

/// <summary><c>auction core</c> on a folder that nobody else uses.</summary>
public sealed class CoreVerbTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("core-verbs-").FullName, "feed");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void A_block_that_the_disk_has_changed_is_not_printed_and_the_place_is_named()
    {
        Assert.Equal(0, Run("create").Exit);

        // The oplog is emptied into the other files by the time of the fourth: opening checks the blocks that it tells of.
        for (int i = 0; i < 4; i++)
            Assert.Equal(0, Run("append", ["hello", "world", .. Enumerable.Repeat("again", 2_000)]).Exit);
        using (FileStream data = File.OpenWrite(Path.Combine(_folder, "data")))
        {
            data.Position = "hello".Length;
            data.Write("w0rld"u8);
        }

        (int exit, List<JsonObject> output) = Run("cat");
        Assert.Equal(6, exit);
        Assert.Equal([(string?)"68656c6c6f", null], output.Select(line => (string?)line["value"]));
        JsonObject error = output[1]["error"]!.AsObject();
        Assert.Equal("CORRUPT_CORE", (string?)error["code"]);
        Assert.Contains("block 1 does not have the hash in the tree", (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal("616761696e", (string?)Run("cat", "2").Output.Single()["value"]);
    }

    private (int Exit, List<JsonObject> Output) Run(string verb, params string[] more)
        => AuctionCommand.Run(["core", verb, _folder, .. more]);
}
