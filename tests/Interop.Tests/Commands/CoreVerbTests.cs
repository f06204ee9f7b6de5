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
        Assert.Contains("data at byte 5: block 1 does not have the hash in the tree", (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal("616761696e", (string?)Run("cat", "2").Output.Single()["value"]);
    }

    [Fact]
    public void Lines_are_appended_as_they_come_and_an_interrupted_append_tells_how_many()
    {
        Assert.Equal(0, Run("create").Exit);
        using NodePeer append = AuctionCommand.Start("core", "append", _folder, "--json");
        append.WriteLine("one");
        append.WriteLine("two");
        Assert.True(SpinWait.SpinUntil(() => (int)Run("info").Output[0]["length"]! == 2, TimeSpan.FromSeconds(60)));
        append.Interrupt();
        JsonObject result = append.ReadJson();
        Assert.Equal((0, 2, 130), ((int)result["start"]!, (int)result["length"]!, append.WaitForExit()));
    }

    [Fact]
    public void Lines_are_appended_byte_for_byte()
    {
        Assert.Equal(0, Run("create").Exit);
        string lines = Path.Combine(Path.GetDirectoryName(_folder)!, "lines");
        File.WriteAllBytes(lines, [0xff, 0xfe, (byte)'\r', (byte)'\n', (byte)'\n', .. "end"u8]);
        Assert.Equal(3, (int)Run("append", "--file", lines, "--lines").Output[0]["length"]!);
        Assert.Equal(["fffe", "", "656e64"], Run("cat").Output.Select(line => (string)line["value"]!));
    }

    [Fact]
    public void A_slip_in_an_option_is_no_block()
    {
        Assert.Equal(0, Run("create").Exit);
        (int exit, List<JsonObject> output) = Run("append", "hello", "--fiel");
        JsonNode error = output[0]["error"]!;
        Assert.Equal((2, "unknown option '--fiel'", "did you mean '--file'?"), (exit, (string?)error["message"], (string?)error["expected"]));
        Assert.Equal(0, (int)Run("info").Output[0]["length"]!);
    }

    [Fact]
    public void Who_prints_into_a_pipe_stops_when_its_reader_leaves()
    {
        Assert.Equal(0, Run("create").Exit);
        string lines = Path.Combine(Path.GetDirectoryName(_folder)!, "lines");
        File.WriteAllLines(lines, Enumerable.Range(1, 100_000).Select(line => $"{line}"));
        Assert.Equal(0, Run("append", "--file", lines, "--lines").Exit);
        foreach (string form in new[] { "", "--json" })
        {
            using NodePeer shell = NodePeer.Launch(
                "bash", ["-c", $"dotnet {AuctionCommand.Assembly} core cat {_folder} {form} | head -1; echo ${{PIPESTATUS[0]}}"], Checkout.Root);
            Assert.Equal(form.Length == 0 ? "1" : "{\"index\":0,\"value\":\"31\"}", shell.ReadLine());
            Assert.Equal("141", shell.ReadLine());
            shell.WaitForExit();
            Assert.Equal("", shell.Diagnostics);
        }
    }

    [Fact]
    public void A_full_disk_is_named()
    {
        Assert.Equal(0, Run("create").Exit);
        File.CreateSymbolicLink(Path.Combine(_folder, "data"), "/dev/full");
        (int exit, List<JsonObject> output) = Run("append", "hello");
        Assert.Equal((2, "STORAGE_UNUSABLE"), (exit, (string?)output[0]["error"]!["code"]));
        Assert.StartsWith("no space left on the disk", (string?)output[0]["error"]!["message"], StringComparison.Ordinal);
    }

    private (int Exit, List<JsonObject> Output) Run(string verb, params string[] more)
        => AuctionCommand.Run(["core", verb, _folder, .. more]);
}
