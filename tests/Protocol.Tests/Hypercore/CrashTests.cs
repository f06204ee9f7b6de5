using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Merkle;
using Xunit.Abstractions;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>
/// A power cut before every step of a workload, with every mix of what each file may have kept since the last flush. Reopened,
/// the core must verify, hold all that was acknowledged, show no history that was not signed, and go on. Reordering inside one
/// file is not tried.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)4, 32).ToArray()));

    [Theory]
    [InlineData(0, 400)]
    [InlineData(4, 65536)]
    public void No_power_cut_loses_what_was_acknowledged_or_forks_the_core(int checkpointEvery, int maxOplogBytes)
    {
        HypercoreOptions options = new() { CheckpointEvery = checkpointEvery, MaxOplogBytes = maxOplogBytes };
        CrashingDisk disk = new();
        Dictionary<(long Fork, long Length), Bytes32> history = [];
        HypercoreMachine core = HypercoreMachine.Create(disk.Files, CoreIdentity.ForWriter(s_keyPair), options);
        Workload(core, () => disk.Run(core), () => history[(core.Accepted.Fork, core.Accepted.Length)] = core.Accepted.Hash);

        int survived = 0;
        for (int step = 1; step <= disk.StepCount; step++)
        {
            foreach (MemoryCoreFiles files in disk.CutBefore(step))
            {
                AssertSurvives(files, options, disk.AcknowledgedBefore(step), history);
                survived++;
            }
        }

        output.WriteLine($"crash table: {disk.StepCount} boundaries, {survived} disks, all survived");
        Assert.True(survived > 300, $"{survived} cuts");
    }

    private static void Workload(HypercoreMachine core, Action run, Action note)
    {
        note();
        run();
        for (int i = 0; i < LongForm.Choose(24, 240); i++)
        {
            if (i % 24 == 9)
                core.Truncate(core.Accepted.Length / 3);
            else if (i % 24 == 13)
                core.Clear(core.Accepted.Length / 2, core.Accepted.Length - 2);
            else if (i % 24 == 15)
                core.SetUserData("name", Text($"value {i}"));
            else if (i % 24 == 17)
                KeepAndFlush(core, run, note);
            else if (i % 24 == 20)
                core.Append([new byte[1500].AsMemory(), Enumerable.Repeat((byte)i, 700).ToArray()]);
            else
                core.Append([.. Enumerable.Range(0, 1 + i % 3).Select(j => Text($"block {i}.{j}"))]);
            note();
            // Some changes are under way together.
            if (i % 5 != 3)
                run();
        }

        run();
    }

    // Blocks that are stored first and signed later.
    private static void KeepAndFlush(HypercoreMachine core, Action run, Action note)
    {
        CoreDraft draft = core.BeginDraft()!;
        draft.Append(Text("kept 1"), Text("kept 2"));
        core.Keep(draft);
        run();
        draft = core.BeginDraft(DraftStart.Restored)!;
        draft.Append(Text("added"));
        core.Flush(draft, draft.Base.Length);
        note();
        core.Flush(draft);
    }

    private static void AssertSurvives(
        MemoryCoreFiles files,
        HypercoreOptions options,
        CrashingDisk.Acknowledged acknowledged,
        Dictionary<(long Fork, long Length), Bytes32> history)
    {
        if (!HypercoreMachine.Exists(files) && acknowledged is { Fork: 0, Length: 0 })
            return;
        HypercoreMachine core = HypercoreMachine.Open(files, options);
        files.Run(core);
        MerkleTree tree = core.Tree;
        Assert.True(tree.Fork > acknowledged.Fork || tree.Length >= acknowledged.Length, $"{acknowledged} was lost, {tree.Length} is left");
        Assert.Equal(history[(tree.Fork, tree.Length)], tree.Hash);
        Assert.Null(CoreAudit.FindFault(core));
        if (core.PendingLength > tree.Length)
        {
            core.Flush(core.BeginDraft(DraftStart.Restored)!);
            files.Run(core);
            tree = core.Tree;
            Assert.Equal(history[(tree.Fork, tree.Length)], tree.Hash);
            Assert.Null(CoreAudit.FindFault(core));
        }

        Assert.Null(core.ReadOnlyReason);
        core.Append([Text("after the cut")]);
        files.Run(core);
        Assert.Equal(tree.Length + 1, HypercoreMachine.Open(files, options).Tree.Length);
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);
}
