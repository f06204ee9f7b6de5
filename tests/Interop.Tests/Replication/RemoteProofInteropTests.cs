using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HypercoreReplication;

namespace AuctionActors.Interop.Tests.Replication;

/// <summary>Proofs for those who are not connected, made and checked on either side.</summary>
public sealed class RemoteProofInteropTests
{
    [Fact]
    public void Proofs_for_who_is_not_connected_are_read_and_written_with_the_bytes_of_JavaScript()
    {
        using NodePeer peer = NodePeer.Start("remote-proof.js", "--blocks", "13", "--referrer", "0a0b");
        Assert.True(CoreKey.TryParse((string?)peer.ReadEvent("core")["key"], out CoreKey key));
        MemoryFiles files = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForReader(key), new HypercoreOptions());
        foreach (string request in (string[])["prove 4", "prove"])
        {
            peer.WriteLine(request);
            byte[] theirs = Convert.FromHexString((string)peer.ReadEvent("proof")["hex"]!);
            Assert.True(RemoteProof.TryDecode(theirs, out RemoteProof? proof));
            Assert.Equal(key.ToDiscoveryKey(), proof.Key);
            Assert.Equal(13, core.CheckRemote(proof.Proof)!.Length);
            Assert.Equal(theirs, proof.Encode());
            if (core.Tree.Length == 0)
                Assert.Equal(ProofOutcome.Accepted, core.Accept(proof.Proof));
            Run(core, files);
            Assert.Equal(theirs, RemoteProof.Of(core, block: proof.Proof.Block?.Index)!.Encode());
        }

        byte[] ours = RemoteProof.Of(core)!.Encode();
        JsonObject verified = Verify(peer, ours);
        Assert.Equal((key.ToHex(), 13, false), ((string?)verified["key"], (int)verified["length"]!, (bool)verified["newer"]!));
        Assert.Equal("block-4", (string?)Verify(peer, RemoteProof.Of(core, block: 4)!.Encode())["block"]);
        ours[^(core.Manifest!.Encode().Length + 10)] ^= 1;
        Assert.Null(Verify(peer, ours)["key"]);
    }

    [Fact]
    public void A_proof_is_taken_only_of_a_core_that_the_referrer_led_to_on_either_side()
    {
        using NodePeer peer = NodePeer.Start("remote-proof.js", "--blocks", "5", "--referrer", "0a0b");
        Assert.True(CoreKey.TryParse((string?)peer.ReadEvent("core")["key"], out CoreKey key));
        peer.WriteLine("prove");
        byte[] bytes = Convert.FromHexString((string)peer.ReadEvent("proof")["hex"]!);
        Assert.True(RemoteProof.TryDecode(bytes, out RemoteProof? proof));
        HypercoreMachine core = HypercoreMachine.Create(new MemoryFiles(), CoreIdentity.ForReader(key), new HypercoreOptions());
        Assert.Null(core.CheckRemote(proof.Proof, new byte[] { 10, 11 }));
        core.SetUserData("referrer", new byte[] { 10, 11 });
        Assert.Equal(5, core.CheckRemote(proof.Proof, new byte[] { 10, 11 })!.Length);
        Assert.Null(core.CheckRemote(proof.Proof, new byte[] { 10 }));
        Assert.Equal(5, (int)Verify(peer, bytes, " 0a0b")["length"]!);
        Assert.Null(Verify(peer, bytes, " 0a")["key"]);
    }

    private static JsonObject Verify(NodePeer peer, byte[] proof, string referrer = "")
    {
        peer.WriteLine($"verify {Convert.ToHexStringLower(proof)}{referrer}");
        return peer.ReadEvent("verified");
    }

    private static void Run(HypercoreMachine core, MemoryFiles files)
    {
        while (core.TryTake(out CoreEffect effect))
        {
            if (effect is not Persist persist)
                continue;
            foreach (var operation in persist.Operations)
                files.Apply(operation);
            core.HandlePersisted(persist.Id);
        }
    }
}
