using AuctionActors.Cli.Core;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Interop.Tests.Commands;

public sealed class FetchProgressTests
{
    [Fact]
    public void A_terminal_is_told_how_far_a_fetch_has_come_and_gets_its_line_back()
    {
        using StringWriter output = new();
        ProgressLine progress = new(output);
        CoreInfo info = new(default, new MerkleTree(0, 200, [], default), 0, 50, false, false, null, null);
        progress.Show(info, 1);
        progress.Show(info with { ContiguousLength = 51 }, 1);
        progress.End();
        Assert.Equal(["50 of 200 blocks, 25 %", "", ""], output.ToString()[1..].Split('\r').Select(line => line.Trim()));
        new ProgressLine(null).Show(info, 1);
    }

    [Theory]
    [InlineData(AuditPart.Blocks, "block 128000 of 200000")]
    [InlineData(AuditPart.Parents, "node 128000 of 400000")]
    public void A_terminal_is_told_what_a_check_looks_at(AuditPart part, string told)
    {
        using StringWriter output = new();
        ProgressLine progress = new(output);
        progress.Show(new AuditPosition(part, 128_000), 200_000);
        Assert.Equal(told, output.ToString().Trim());
    }
}
