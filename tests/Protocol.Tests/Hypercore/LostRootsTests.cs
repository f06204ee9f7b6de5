using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Cores whose disk has lost roots of the tree.</summary>
public sealed class LostRootsTests : DamageKit
{
    private static readonly HypercoreOptions s_opening = s_options with { OpensDamaged = true };
    private static readonly long[] s_roots = [.. FlatTreeIndex.Roots(Length)];

    [Fact]
    public void Roots_are_computed_again_from_what_is_below_them()
    {
        foreach (Action<byte[]> spoil in (Action<byte[]>[])[node => node[0] ^= 1, node => node[20] ^= 1, node => node.AsSpan().Clear()])
        {
            foreach (long[] lost in s_roots.Select(root => (long[])[root]).Append(s_roots))
            {
                MemoryCoreFiles files = Files.Copy();
                foreach (long root in lost)
                    Spoil(files, root, spoil);
                Assert.Equal(CoreFile.Tree, Assert.Throws<CoreStorageException>(() => HypercoreMachine.Open(files, s_options)).File);
                HypercoreMachine core = HypercoreMachine.Open(files, s_opening);
                Assert.Equal((Length, 0), (core.LostLength, core.Tree.Length));
                RepairReport report = core.Repair();
                files.Run(core);
                Assert.Equal((lost.Length, 1, null), (report.Mended, report.Damage.Count, report.LostLength));
                Assert.Null(core.LostLength);
                Assert.Null(CoreAudit.FindFault(core));
                Assert.Equal(Files.Bytes(CoreFile.Tree), files.Bytes(CoreFile.Tree));
                core.Append([BlockOf(Length)]);
                files.Run(core);
                AssertReadable(HypercoreMachine.Open(files, s_options), Length + 1);
            }
        }
    }

    [Fact]
    public void Copies_get_their_lost_roots_from_peers_that_are_as_long_or_longer()
    {
        Random random = new(9);
        HypercoreMachine peer = HypercoreMachine.Open(Files.Copy(), s_options);
        for (int round = 0; round < 40; round++)
        {
            MemoryCoreFiles files = CopySparsely(random, fewest: 1, out HypercoreMachine before);
            HypercoreMachine core = LoseRoots(files, random);
            long[] stored = [.. Enumerable.Range(0, Length).Select(block => (long)block).Where(before.Has)];
            core.Get(stored[0]);
            List<CoreEffect> reports = files.Run(core);
            if (random.Next(2) == 0)
                peer.Append(Blocks((int)peer.Accepted.Length, 3));
            Run(peer);
            Assert.Equal(ProofOutcome.Accepted, core.Accept(Prove(peer)));
            reports = files.Run(core);
            Assert.Equal(stored[0], Assert.Single(reports.OfType<BlockRead>()).Index);
            Assert.Equal(stored.Length, reports.OfType<BlocksAvailable>().Sum(run => run.Count));
            Assert.Single(reports.OfType<RootsRestored>());
            HypercoreMachine reopened = HypercoreMachine.Open(files, s_options);
            Assert.Equal((Writer.Tree.Hash, before.ContiguousLength), (reopened.Tree.Hash, reopened.ContiguousLength));
            Assert.Null(CoreAudit.FindFault(reopened));
            Assert.All(stored, block => Assert.True(reopened.TryRead(block, out _)));
        }
    }

    [Fact]
    public void Nothing_but_the_roots_that_were_lost_takes_their_place()
    {
        MemoryCoreFiles files = CopySparsely(new Random(3), fewest: 1, out _);
        HypercoreMachine core = LoseRoots(files, new Random(4));
        MerkleProof proof = Prove(Writer);
        List<MerkleProof> lies = [Prove(Other(Length, from: 0)), Prove(Other(Length + 9, from: Length - 2)), Prove(Older(32), 32), Prove(Older(44), 44)];
        lies.Add(proof with { Fork = 1 });
        lies.Add(proof with { Upgrade = proof.Upgrade! with { Length = Length - 1 } });
        lies.Add(proof with { Upgrade = proof.Upgrade! with { Start = 1 } });
        lies.Add(proof with { Upgrade = null });
        HypercoreMachine cut = HypercoreMachine.Open(Files.Copy(), s_options);
        cut.Truncate(40);
        Run(cut);
        lies.Add(Prove(cut, 40));
        for (int i = 0; i < proof.Upgrade!.Nodes.Count; i++)
        {
            MerkleNode node = proof.Upgrade.Nodes[i];
            foreach (MerkleNode changed in (MerkleNode[])[node with { ByteLength = node.ByteLength + 1 }, node with { Hash = default }])
            {
                MerkleNode[] nodes = [.. proof.Upgrade.Nodes];
                nodes[i] = changed;
                lies.Add(proof with { Upgrade = proof.Upgrade with { Nodes = nodes } });
            }
        }

        IReadOnlyDictionary<string, (long Size, string Hash)> before = files.Digest();
        foreach (MerkleProof lie in lies)
            Assert.NotEqual(ProofOutcome.Accepted, core.Accept(lie));
        Assert.Empty(files.Run(core));
        Assert.Equal(before, files.Digest());
        Assert.Equal(ProofOutcome.Accepted, core.Accept(proof));
        files.Run(core);
        Assert.Equal((Writer.Tree.Hash, Length), (core.Tree.Hash, core.Tree.Length));
    }

    [Fact]
    public void A_core_without_its_roots_takes_no_orders_and_signs_nothing()
    {
        MemoryCoreFiles files = Files.Copy();
        CoreDraft draft = HypercoreMachine.Open(Files.Copy(), s_options).BeginDraft()!;
        HypercoreMachine core = LoseRoots(files, new Random(2));
        IReadOnlyDictionary<string, (long Size, string Hash)> before = files.Digest();
        core.Append([BlockOf(0)]);
        core.Truncate(0);
        core.Clear(0, 3);
        core.SetUserData("a", new byte[] { 1 });
        core.Adopt(CoreIdentity.ForWriter(s_keyPair));
        core.Flush(draft);
        core.Keep(draft);
        core.DropPending();
        List<CoreEffect> effects = files.Run(core);
        Assert.Equal(8, effects.Count);
        Assert.All(effects, effect => Assert.Equal(CoreFailure.Damaged, Assert.IsType<OrderFailed>(effect).Failure));
        Assert.Throws<CoreStorageException>(() => core.Preview([BlockOf(0)]));
        Assert.Null(core.BeginDraft());
        Assert.False(core.Writable);
        Assert.Contains("tree at byte", core.ReadOnlyReason, StringComparison.Ordinal);
        Assert.Contains("tree at byte", CoreAudit.FindFault(core), StringComparison.Ordinal);
        Assert.Equal(ConflictVerdict.Unrelated, core.CheckConflict(Prove(Writer)));
        Assert.Equal(before, files.Digest());
        Assert.Throws<CoreStorageException>(() => HypercoreMachine.Open(files, s_opening with { ReadOnly = true }));
    }

    [Fact]
    public void A_power_cut_while_roots_are_restored_leaves_a_core_that_can_be_restored()
    {
        CrashingDisk disk = new();
        HypercoreMachine core = HypercoreMachine.Create(disk.Files, CoreIdentity.ForWriter(s_keyPair), s_options);
        core.Append(Blocks(0, Length));
        disk.Run(core);
        foreach (long root in s_roots[1..])
            disk.Spoil(new FileWrite(CoreFile.Tree, 40 * root, new byte[40]));
        int first = disk.StepCount;
        core = HypercoreMachine.Open(disk.Files, s_opening);
        Assert.Equal(ProofOutcome.Accepted, core.Accept(Prove(Writer)));
        disk.Run(core);
        for (int step = first; step <= disk.StepCount; step++)
        {
            foreach (MemoryCoreFiles files in disk.CutBefore(step))
            {
                core = HypercoreMachine.Open(files, s_opening);
                if (core.LostLength is not null)
                    Assert.Equal(ProofOutcome.Accepted, core.Accept(Prove(Writer)));
                files.Run(core);
                Assert.Null(CoreAudit.FindFault(core));
                AssertReadable(core, Length);
            }
        }
    }

    [Fact]
    public void The_roots_behind_a_prologue_come_from_a_peer_of_the_same_length()
    {
        MerkleBatch start = new(MerkleTree.Empty);
        start.Append(Blocks(0, 3));
        Manifest manifest = Manifest.ForSigner(s_keyPair.PublicKey) with { Prologue = new Prologue(start.TreeHash, 3) };
        MemoryCoreFiles files = new();
        HypercoreMachine writer = Write(files, Blocks(0, Length), CoreIdentity.ForManifest(manifest, s_keyPair));
        HypercoreMachine core = LoseRoots(files.Copy(), new Random(8));
        MerkleProof proof = Prove(writer);
        Assert.Equal(3, proof.Upgrade!.Length);
        Assert.Equal(ProofOutcome.Accepted, core.Accept(proof));
        Assert.Equal(writer.Tree.Hash, core.Accepted.Hash);
    }

    private static HypercoreMachine LoseRoots(MemoryCoreFiles files, Random random)
    {
        foreach (long root in s_roots.OrderBy(_ => random.Next()).Take(random.Next(1, s_roots.Length + 1)))
            Spoil(files, root, node => node[random.Next(40)] ^= (byte)random.Next(1, 256));
        HypercoreMachine core = HypercoreMachine.Open(files, s_opening);
        Assert.Equal(Length, core.LostLength);
        return core;
    }

    private static void Spoil(MemoryCoreFiles files, long index, Action<byte[]> change)
    {
        Span<byte> stored = files.Bytes(CoreFile.Tree).AsSpan((int)(40 * index), 40);
        byte[] node = stored.ToArray();
        change(node);
        node.CopyTo(stored);
    }

    /// <summary>Another history that the writer has signed, from a block on.</summary>
    private static HypercoreMachine Other(int length, int from)
        => Write(new MemoryCoreFiles(), [.. Blocks(0, from), .. Enumerable.Range(from, length - from).Select(index => Encoding.UTF8.GetBytes($"other {index}"))]);

    private static HypercoreMachine Older(int length) => Write(new MemoryCoreFiles(), Blocks(0, length));

    // The files of a peer are of no interest: what it has accepted it keeps in memory until it is told that it is persisted.
    private static void Run(HypercoreMachine core)
    {
        while (core.TryTake(out CoreEffect effect))
        {
            if (effect is Persist persist)
                core.HandlePersisted(persist.Id);
        }
    }
}
